package io.vaccel.backend.opencl;

import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Performs {@code opencl.run}; unusable, with the reason, unless it is allowed and has a driver.
 */
final class OpenClPlugin implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(OpenClPlugin.class);

  private final Settings settings;
  private volatile State state;

  /**
   * What came of looking for a device.
   *
   * @param capabilities what is possible
   * @param engine the device; empty when nothing is possible
   */
  private record State(Capabilities capabilities, Optional<Engine> engine) {
    static State unusable(String reason) {
      return new State(Capabilities.none(reason), Optional.empty());
    }

    static State failed(VaccelException e) {
      return e.reason() == Reason.NOT_ALLOWED
          ? new State(Capabilities.off(e.text()), Optional.empty())
          : unusable(e.text());
    }
  }

  OpenClPlugin(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return OpenClProvider.NAME;
  }

  @Override
  public Capabilities capabilities() {
    State started = state();
    return started.engine().filter(engine -> engine.endless() > 0).isPresent()
        ? Capabilities.none("a kernel on the device does not end")
        : started.capabilities();
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    if (capabilities().availability() instanceof Availability.Unusable unusable) {
      throw new VaccelException(Reason.NO_PLUGIN, unusable.reason());
    }
    return new OpenClSession(state().engine().orElseThrow());
  }

  @Override
  public synchronized void close() {
    if (state != null) {
      // Under an endless kernel nothing may be freed.
      state.engine().filter(engine -> engine.endless() == 0).ifPresent(e -> e.device().close());
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
        state = start(OpenClSettings.of(settings));
      } catch (VaccelException e) {
        state = State.failed(e);
      } catch (RuntimeException | LinkageError e) {
        LOG.warn("OpenCL cannot be used", e);
        state = State.unusable("OpenCL's loader cannot be used here: install ocl-icd-libopencl1");
      }
    }
    return state;
  }

  private static State start(OpenClSettings wanted) {
    Optional<Device> device = Device.first();
    if (device.isEmpty()) {
      return State.unusable(
          "no OpenCL driver is installed; on a CPU, install PoCL (Debian: pocl-opencl-icd)");
    }
    Engine engine = new Engine(device.get(), wanted);
    Capabilities can =
        Capabilities.of(engine.deviceName(), Operations.OPENCL_RUN)
            .with("device", device.get().name())
            .with("driver", device.get().driver());
    return new State(can, Optional.of(engine));
  }
}
