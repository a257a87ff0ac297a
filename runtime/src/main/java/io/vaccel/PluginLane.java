package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One plugin within one session: opened, and given its models, when it is first needed. */
final class PluginLane {
  private static final Logger LOG = LoggerFactory.getLogger(PluginLane.class);

  private final Plugin plugin;
  private final SessionContext context;

  /** Held while the plugin's session opens or a model loads, never while an operation runs. */
  private final ReentrantLock preparing = new ReentrantLock();

  private final Map<Model, LoadedModel> models = new HashMap<>();
  private volatile PluginSession session;

  PluginLane(Plugin plugin, SessionContext context) {
    this.plugin = plugin;
    this.context = context;
  }

  String place() {
    return plugin.place();
  }

  Capabilities capabilities() {
    return plugin.capabilities();
  }

  String name() {
    return plugin.name();
  }

  /** The plugin's session when it is open and holds the input's model; never blocks. */
  Optional<PluginSession> ready(Object input) {
    PluginSession open = session;
    if (open == null || !preparing.tryLock()) {
      return Optional.empty();
    }
    try {
      boolean lacksModel = input instanceof ModelInput needs && !models.containsKey(needs.model());
      return lacksModel ? Optional.empty() : Optional.of(open);
    } finally {
      preparing.unlock();
    }
  }

  <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
    if (input instanceof ModelInput needs) {
      load(needs.model(), call);
    }
    return open(call).perform(operation, input, call);
  }

  /** Loads the model unless it is loaded. */
  LoadedModel load(Model model, Call call) {
    PluginSession open = open(call);
    lock(call);
    try {
      LoadedModel loaded = models.get(model);
      if (loaded == null) {
        loaded = open.load(model, model.spec(), call);
        models.put(model, loaded);
      }
      return loaded;
    } finally {
      preparing.unlock();
    }
  }

  void unload(Model model) {
    preparing.lock();
    try {
      if (models.remove(model) != null) {
        session.unload(model);
      }
    } catch (RuntimeException e) {
      LOG.warn("unloading {} from plugin {} failed", model, plugin.name(), e);
    } finally {
      preparing.unlock();
    }
  }

  void close() {
    preparing.lock();
    try {
      models.clear();
      if (session != null) {
        session.close();
        session = null;
      }
    } catch (RuntimeException e) {
      LOG.warn("closing a session of plugin {} failed", plugin.name(), e);
    } finally {
      preparing.unlock();
    }
  }

  private PluginSession open(Call call) {
    PluginSession open = session;
    if (open != null) {
      return open;
    }
    lock(call);
    try {
      if (session == null) {
        session = plugin.openSession(context);
      }
      return session;
    } finally {
      preparing.unlock();
    }
  }

  private void lock(Call call) {
    call.check();
    try {
      if (!preparing.tryLock(call.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        call.check();
        throw new VaccelException(
            Reason.DEADLINE_EXCEEDED,
            "plugin " + plugin.name() + " was busy loading until the deadline");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VaccelException(Reason.CANCELLED, "the calling thread was interrupted", e);
    }
  }
}
