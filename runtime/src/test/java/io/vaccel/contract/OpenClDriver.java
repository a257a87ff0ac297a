package io.vaccel.contract;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Whether this machine has a driver for {@link OpenClContract}. */
public final class OpenClDriver {
  /** Where the loader of OpenCL looks for drivers. */
  private static final Path DRIVERS = Path.of("/etc/OpenCL/vendors");

  private OpenClDriver() {}

  /** Reports the test as not run where there is none. */
  public static void assumeInstalled() {
    assumeTrue(
        isInstalled(),
        "no OpenCL driver is installed: apt-get install pocl-opencl-icd ocl-icd-libopencl1");
  }

  /** Whether there is one. */
  public static boolean isInstalled() {
    try (Stream<Path> drivers = Files.list(DRIVERS)) {
      return drivers.anyMatch(driver -> driver.toString().endsWith(".icd"));
    } catch (IOException e) {
      return false;
    }
  }
}
