package io.vaccel.backend.onnx;

import io.vaccel.ModelFormat;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs {@code model.run} for ONNX models; unusable, with the reason, where the engine cannot be
 * loaded.
 */
final class OnnxPlugin implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(OnnxPlugin.class);

  private final Settings settings;
  private volatile State state;

  /**
   * What came of starting the engine.
   *
   * @param capabilities what is possible
   * @param models all loaded models; null when the engine cannot be used
   */
  private record State(Capabilities capabilities, OnnxModels models) {}

  OnnxPlugin(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return OnnxProvider.NAME;
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
    return new OnnxSession(started.models());
  }

  @Override
  public synchronized void close() {
    if (state != null && state.models() != null) {
      state.models().close();
    }
    state = new State(Capabilities.none("the plugin is closed"), null);
  }

  private State state() {
    State known = state;
    return known != null ? known : start();
  }

  private synchronized State start() {
    if (state == null) {
      try {
        OnnxSettings wanted = OnnxSettings.of(settings);
        Engine engine = Engine.start(wanted);
        Capabilities can =
            Capabilities.of(engine.device(), Operations.MODEL_RUN)
                .withFormats(Set.of(ModelFormat.ONNX))
                .with("engine", "ONNX Runtime " + engine.version())
                .with("providers", String.join(", ", engine.providers()))
                .with("threads", Integer.toString(wanted.threads()));
        state = new State(can, new OnnxModels(engine));
      } catch (VaccelException e) {
        state = new State(Capabilities.none(e.text()), null);
      } catch (RuntimeException | LinkageError e) {
        // The native library is missing for this platform, damaged, or cannot be unpacked.
        LOG.warn("ONNX Runtime cannot be loaded", e);
        state =
            new State(
                Capabilities.none("ONNX Runtime's native library cannot be loaded here"), null);
      }
    }
    return state;
  }
}
