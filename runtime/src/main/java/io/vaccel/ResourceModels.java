package io.vaccel;

import io.vaccel.spi.Call;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models of a session's registered resources, by the resource's number; safe for use by several
 * threads.
 *
 * <p>Calls that need a model at the same time share one loading. A model is unloaded when the last
 * call that uses it has ended: after {@link #unload}, when its resource is not registered any more,
 * and when a call finds that the resource was synced.
 */
final class ResourceModels {
  private final Session owner;
  private final Map<Long, Entry> entries = new ConcurrentHashMap<>();

  ResourceModels(Session owner) {
    this.owner = owner;
  }

  /** A loaded model, which stays until this is closed. */
  static final class Use implements AutoCloseable {
    private final Model model;
    private final Gate gate;

    private Use(Model model, Gate gate) {
      this.model = model;
      this.gate = gate;
    }

    Model model() {
      return model;
    }

    @Override
    public void close() {
      gate.leave();
    }
  }

  /** The model of one content of a resource. */
  private final class Entry {
    private final Resource content;
    private final Gate gate = new Gate(this::unload, owner.executor());
    private final Shared<Model> model = new Shared<>();

    private Entry(Resource content) {
      this.content = content;
    }

    private void unload() {
      model.now().ifPresent(owner.genericModels()::unload);
    }
  }

  /** The model of what the resource holds now, which the first call loads. */
  Use use(RegisteredResource resource, GenericFramework framework, Call call) {
    Entry entry = enter(resource);
    try {
      Model model = entry.model.get(call, () -> load(framework.spec(entry.content), call));
      return new Use(model, entry.gate);
    } catch (RuntimeException | Error e) {
      entry.gate.leave();
      throw e;
    }
  }

  /** Lets go of the model of the resource with this number; whether it was loaded. */
  boolean unload(long number) {
    Entry entry = entries.get(number);
    return entry != null && entry.model.now().isPresent() && drop(number, entry);
  }

  /** Lets go of the model of a resource that is not registered any more. */
  void unregister(RegisteredResource resource) {
    Optional.ofNullable(entries.get(resource.id())).ifPresent(entry -> drop(resource.id(), entry));
  }

  /** Lets go of all. */
  void close() {
    entries.forEach(this::drop);
  }

  private Model load(ModelSpec spec, Call call) {
    CallOptions options = CallOptions.within(call.remaining()).with(call.cancellation());
    return owner.genericModels().load(spec, options);
  }

  private Entry enter(RegisteredResource resource) {
    while (true) {
      Resource content = resource.content();
      Entry entry = entries.computeIfAbsent(resource.id(), number -> new Entry(content));
      if (!entry.content.equals(content)) {
        // Synced since it was loaded.
        drop(resource.id(), entry);
      } else if (entry.gate.enter()) {
        if (resource.isClosed()) {
          // Since the caller looked: whoever unregistered it did not see this entry.
          drop(resource.id(), entry);
        }
        return entry;
      }
    }
  }

  private boolean drop(long number, Entry entry) {
    boolean dropped = entries.remove(number, entry);
    // Only now: who is not let in looks for the entry again.
    entry.gate.close();
    return dropped;
  }
}
