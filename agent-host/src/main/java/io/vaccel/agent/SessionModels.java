package io.vaccel.agent;

import io.vaccel.CallOptions;
import io.vaccel.Model;
import io.vaccel.ModelFormat;
import io.vaccel.ModelKeeper;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.Session;
import io.vaccel.VaccelException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models that one session has loaded. Safe for use by several threads: a model is unloaded when
 * the last call that runs it has ended.
 */
final class SessionModels implements ModelKeeper {
  private final ContentStore store;
  private final Session session;
  private final Budget count;
  private final Budget bytes;
  private final Map<String, Held> models = new ConcurrentHashMap<>();

  /**
   * @param allBytes counts the size of the models of all sessions
   */
  SessionModels(ContentStore store, Session session, Quota quota, Budget allBytes) {
    this.store = store;
    this.session = session;
    this.count = Budget.of(Limit.MODELS_PER_SESSION, quota);
    this.bytes = allBytes.inner(Limit.MODEL_BYTES_PER_SESSION, quota);
    session.keepGenericModels(this);
  }

  private record Held(Model model, Usage usage) {}

  /**
   * A loaded model under its new id.
   *
   * @param id unguessable
   * @param model the runtime's model
   */
  record Loaded(String id, Model model) {}

  /** Loads a model; it keeps the resource's content even when the resource is let go. */
  Loaded load(Resource resource, ModelFormat format, CallScope scope) {
    return hold(new ModelSpec(resource, format), scope.options());
  }

  @Override
  public Model load(ModelSpec spec, CallOptions options) {
    return hold(spec, options).model();
  }

  @Override
  public void unload(Model model) {
    models.forEach(
        (id, held) -> {
          // Not there any more where the session ends meanwhile.
          if (held.model() == model && models.remove(id, held)) {
            held.usage().end();
          }
        });
  }

  private Loaded hold(ModelSpec spec, CallOptions options) {
    long size = spec.resource().sizeBytes();
    take(size);
    try {
      PinnedFiles pinned = PinnedFiles.pin(store, spec.resource());
      try {
        Model model = session.load(spec, options);
        String id = RandomId.next();
        models.put(id, new Held(model, new Usage(() -> free(model, size, pinned))));
        return new Loaded(id, model);
      } catch (RuntimeException | Error e) {
        pinned.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      give(size);
      throw e;
    }
  }

  /**
   * A loaded model, which stays until the call ends.
   *
   * @throws VaccelException {@link Reason#MODEL_NOT_FOUND}
   */
  Model enter(String id, CallScope scope) {
    Held held =
        Optional.ofNullable(models.get(id))
            .filter(found -> found.usage().enter())
            .orElseThrow(SessionModels::unknown);
    scope.onEnd(held.usage()::exit);
    return held.model();
  }

  /** Unloads a model, now or when the calls that run it have ended. */
  void unload(String id) {
    Optional.ofNullable(models.remove(id)).orElseThrow(SessionModels::unknown).usage().end();
  }

  /** Unloads all. */
  void close() {
    for (String id : List.copyOf(models.keySet())) {
      Optional.ofNullable(models.remove(id)).ifPresent(held -> held.usage().end());
    }
  }

  private void free(Model model, long size, PinnedFiles pinned) {
    try {
      model.close();
    } finally {
      pinned.close();
      give(size);
    }
  }

  private void take(long size) {
    count.take(1);
    try {
      bytes.take(size);
    } catch (VaccelException e) {
      count.give(1);
      throw e;
    }
  }

  private void give(long size) {
    bytes.give(size);
    count.give(1);
  }

  private static VaccelException unknown() {
    return new VaccelException(Reason.MODEL_NOT_FOUND, "no such model in this session");
  }
}
