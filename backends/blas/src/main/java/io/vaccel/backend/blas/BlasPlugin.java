package io.vaccel.backend.blas;

import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Performs {@code blas.sgemm} and {@code array.multiply_matrices}. */
final class BlasPlugin implements Plugin {
  private static final Logger LOG = LoggerFactory.getLogger(BlasPlugin.class);

  private final Settings settings;
  private volatile State state;

  /**
   * What came of looking for OpenBLAS.
   *
   * @param capabilities what is possible
   * @param session the same for all owners; null when nothing is possible
   */
  private record State(Capabilities capabilities, BlasSession session) {}

  BlasPlugin(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return BlasProvider.NAME;
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
    return started.session();
  }

  @Override
  public synchronized void close() {
    state = new State(Capabilities.none("the plugin is closed"), null);
  }

  private State state() {
    State known = state;
    return known != null ? known : start();
  }

  private synchronized State start() {
    if (state == null) {
      try {
        state = start(BlasSettings.of(settings));
      } catch (VaccelException e) {
        state = new State(Capabilities.none(e.text()), null);
      }
    }
    return state;
  }

  private static State start(BlasSettings wanted) {
    if (wanted.openBlas().equals(BlasSettings.NO_LIBRARY)) {
      return state(new JavaKernel(), wanted, "");
    }
    try {
      return state(OpenBlas.load(wanted), wanted, "");
    } catch (LinkageError e) {
      LOG.debug("OpenBLAS cannot be loaded", e);
      String faster = "install OpenBLAS (Debian: libopenblas0), or set " + BlasSettings.LIBRARY;
      return state(new JavaKernel(), wanted, faster);
    }
  }

  private static State state(Kernel kernel, BlasSettings wanted, String faster) {
    BlasSession session = new BlasSession(kernel, wanted.maxResultBytes());
    Capabilities can =
        Capabilities.of(session.device(), Operations.BLAS_SGEMM, Operations.ARRAY_MULTIPLY_MATRICES)
            .with("engine", kernel.version());
    return new State(faster.isEmpty() ? can : can.with("faster", faster), session);
  }
}
