package io.vaccel.backend.engine;

import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs {@code model.run} with an engine, which is started when the plugin is first asked what
 * it can do; unusable, with the reason, where the engine cannot be started.
 */
public final class EnginePlugin implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(EnginePlugin.class);

  private final String name;
  private final String engineName;
  private final Supplier<Engine> starter;
  private volatile State state;

  /**
   * What came of starting the engine.
   *
   * @param capabilities what is possible
   * @param engine the engine; null when it cannot be used
   * @param models all loaded models; null when the engine cannot be used
   */
  private record State(Capabilities capabilities, Engine engine, SharedModels models) {
    static State unusable(String reason) {
      return new State(Capabilities.none(reason), null, null);
    }
  }

  /**
   * A plugin.
   *
   * @param name its provider's
   * @param engineName the engine's name for people
   * @param starter starts the engine; a {@link VaccelException} of its says why that is impossible,
   *     any other failure is taken for one of the native library
   */
  public EnginePlugin(String name, String engineName, Supplier<Engine> starter) {
    this.name = name;
    this.engineName = engineName;
    this.starter = starter;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Capabilities capabilities() {
    return state().capabilities();
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    State started = state();
    if (started.capabilities().availability() instanceof Availability.Unusable unusable) {
      throw new VaccelException(Reason.NO_PLUGIN, unusable.reason());
    }
    return new EngineSession(name, started.engine(), started.models());
  }

  @Override
  public synchronized void close() {
    if (state != null && state.engine() != null) {
      state.engine().close();
    }
    state = State.unusable("the plugin is closed");
  }

  private State state() {
    State known = state;
    return known != null ? known : start();
  }

  private synchronized State start() {
    if (state == null) {
      try {
        Engine engine = starter.get();
        Capabilities can =
            Capabilities.of(engine.device(), Operations.MODEL_RUN).withFormats(engine.formats());
        for (Map.Entry<String, String> fact : engine.details().entrySet()) {
          can = can.with(fact.getKey(), fact.getValue());
        }
        state = new State(can, engine, new SharedModels(engine));
      } catch (VaccelException e) {
        state = State.unusable(e.text());
      } catch (RuntimeException | LinkageError e) {
        // The native library is missing for this platform, damaged, or cannot be unpacked.
        LOG.warn("{} cannot be loaded", engineName, e);
        state = State.unusable(engineName + "'s native library cannot be loaded here");
      }
    }
    return state;
  }
}
