package io.vaccel.backend.opencl;

import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.NativeDirectory;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.LateStart;
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

  private final LateStart<Engine> engine;

  OpenClPlugin(Settings settings) {
    this.engine = new LateStart<>(() -> start(settings));
  }

  @Override
  public String name() {
    return OpenClProvider.NAME;
  }

  @Override
  public Capabilities capabilities() {
    return engine.started().filter(started -> started.endless() > 0).isPresent()
        ? Capabilities.none("a kernel on the device does not end")
        : engine.capabilities();
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    if (capabilities().availability() instanceof Availability.Unusable unusable) {
      throw new VaccelException(Reason.NO_PLUGIN, unusable.reason());
    }
    return new OpenClSession(engine.engine());
  }

  @Override
  public void close() {
    // Under an endless kernel nothing may be freed.
    engine
        .close()
        .filter(started -> started.endless() == 0)
        .ifPresent(started -> started.device().close());
  }

  private static LateStart.Started<Engine> start(Settings settings) {
    OpenClSettings wanted = OpenClSettings.of(settings);
    try {
      return start(settings, wanted);
    } catch (VaccelException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("OpenCL cannot be used", e);
      throw new VaccelException(
          Reason.NO_PLUGIN, "OpenCL's loader cannot be used here: install ocl-icd-libopencl1", e);
    }
  }

  private static LateStart.Started<Engine> start(Settings settings, OpenClSettings wanted) {
    // JOCL unpacks under a name that anybody can guess, and loads a file that is there already.
    Optional<Device> device = NativeDirectory.asTemporary(settings, "jocl", Device::first);
    if (device.isEmpty()) {
      throw new VaccelException(
          Reason.NO_PLUGIN,
          "no OpenCL driver is installed; on a CPU, install PoCL (Debian: pocl-opencl-icd)");
    }
    Engine engine = new Engine(device.get(), wanted);
    Capabilities can =
        Capabilities.of(engine.deviceName(), Operations.OPENCL_RUN)
            .with("device", device.get().name())
            .with("driver", device.get().driver());
    return new LateStart.Started<>(can, engine);
  }
}
