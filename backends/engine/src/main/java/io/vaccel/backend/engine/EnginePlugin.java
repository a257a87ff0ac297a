package io.vaccel.backend.engine;

import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.LateStart;
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
  private final LateStart<Loaded> loaded;

  /** The engine, all models in it, and what their runs may take. */
  private record Loaded(Engine engine, SharedModels models, StringMemory strings) {}

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
    this.loaded = new LateStart<>(() -> start(engineName, starter));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Capabilities capabilities() {
    return loaded.capabilities();
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    Loaded started = loaded.engine();
    return new EngineSession(name, started.engine(), started.models(), started.strings());
  }

  @Override
  public void close() {
    loaded.close().ifPresent(started -> started.engine().close());
  }

  private static LateStart.Started<Loaded> start(String engineName, Supplier<Engine> starter) {
    try {
      Engine engine = starter.get();
      Capabilities can =
          Capabilities.of(engine.device(), Operations.MODEL_RUN).withFormats(engine.formats());
      for (Map.Entry<String, String> fact : engine.details().entrySet()) {
        can = can.with(fact.getKey(), fact.getValue());
      }
      return new LateStart.Started<>(
          can,
          new Loaded(
              engine, new SharedModels(engine), new StringMemory(engine.settings().stringBytes())));
    } catch (VaccelException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      // The native library is missing for this platform, damaged, or cannot be unpacked.
      LOG.warn("{} cannot be loaded", engineName, e);
      throw new VaccelException(
          Reason.NO_PLUGIN, engineName + "'s native library cannot be loaded here", e);
    }
  }
}
