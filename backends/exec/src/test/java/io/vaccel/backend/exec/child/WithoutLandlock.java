package io.vaccel.backend.exec.child;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.spi.Availability;

/**
 * A program for tests: takes a system call from its own process, and then prints why the plugin
 * {@code exec} cannot be used. Arguments: the number of the call, and the libraries to allow.
 */
public final class WithoutLandlock {
  private static final int SET_NO_NEW_PRIVILEGES = 38;
  private static final int ENOSYS = 38;

  private WithoutLandlock() {}

  /** Runs it. */
  public static void main(String[] arguments) {
    Filter filter = new Filter();
    filter.loadNumber();
    filter.unlessEqualSkip(Integer.parseInt(arguments[0]), 1);
    filter.answer(Filter.error(ENOSYS));
    filter.answer(Filter.ALLOW);
    Libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0);
    SystemCalls.install(Abi.current().orElseThrow(), filter);
    try (Vaccel vaccel =
        Vaccel.builder()
            .set(Settings.PLUGINS, "exec")
            .set("VACCEL_EXEC_LIBRARIES", arguments[1])
            .load()) {
      Availability found = vaccel.plugins().get(0).capabilities().availability();
      System.out.println(
          found instanceof Availability.Unusable unusable ? unusable.reason() : "usable");
    }
  }
}
