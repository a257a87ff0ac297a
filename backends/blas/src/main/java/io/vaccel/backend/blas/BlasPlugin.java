package io.vaccel.backend.blas;

import io.vaccel.Operations;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.NativeDirectory;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.LateStart;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Performs {@code blas.sgemm} and {@code array.multiply_matrices}. */
final class BlasPlugin implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(BlasPlugin.class);

  private final LateStart<BlasSession> session;

  BlasPlugin(Settings settings) {
    this.session = new LateStart<>(() -> start(settings, BlasSettings.of(settings)));
  }

  @Override
  public String name() {
    return BlasProvider.NAME;
  }

  @Override
  public Capabilities capabilities() {
    return session.capabilities();
  }

  /** The same one for all owners: it holds nothing of theirs. */
  @Override
  public PluginSession openSession(SessionContext context) {
    return session.engine();
  }

  @Override
  public void close() {
    var unused = session.close();
  }

  private static LateStart.Started<BlasSession> start(Settings settings, BlasSettings wanted) {
    if (wanted.openBlas().equals(BlasSettings.NO_LIBRARY)) {
      return started(new JavaKernel(), wanted, "");
    }
    try {
      NativeDirectory.useForJna(settings);
      return started(OpenBlas.load(wanted), wanted, "");
    } catch (VaccelException e) {
      return started(new JavaKernel(), wanted, e.text());
    } catch (LinkageError e) {
      LOG.debug("OpenBLAS cannot be loaded", e);
      String faster = "install OpenBLAS (Debian: libopenblas0), or set " + BlasSettings.LIBRARY;
      return started(new JavaKernel(), wanted, faster);
    }
  }

  private static LateStart.Started<BlasSession> started(
      Kernel kernel, BlasSettings wanted, String faster) {
    BlasSession session = new BlasSession(kernel, wanted.maxResultBytes());
    Capabilities can =
        Capabilities.of(session.device(), Operations.BLAS_SGEMM, Operations.ARRAY_MULTIPLY_MATRICES)
            .with("engine", kernel.version());
    return new LateStart.Started<>(faster.isEmpty() ? can : can.with("faster", faster), session);
  }
}
