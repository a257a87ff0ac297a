package io.vaccel.backend.opencl;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.contract.PluginProcess;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where OpenCL's loader finds no driver, the plugin is unusable and says what to install. */
final class OpenClWithoutDriverTest {
  @Test
  void missingDriver_isNamed(@TempDir Path noDrivers) {
    // Where ocl-icd looks for drivers instead of /etc/OpenCL/vendors. Without ocl-icd itself, the
    // plugin has to name that.
    String answer =
        PluginProcess.availability(
            "opencl", Map.of(OpenClSettings.ALLOW, "1", "OCL_ICD_VENDORS", noDrivers.toString()));
    assertThat(answer).contains("Unusable").containsPattern("pocl-opencl-icd|ocl-icd-libopencl1");
  }
}
