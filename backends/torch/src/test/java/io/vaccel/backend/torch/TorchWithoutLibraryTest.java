package io.vaccel.backend.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.contract.PluginProcess;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the native library is missing, the plugin is unusable and says why. */
final class TorchWithoutLibraryTest {
  @ParameterizedTest
  @ValueSource(strings = {"pytorch", "openblas"})
  void missingLibrary_isNamed(String library) {
    assertThat(PluginProcess.availability("torch", library + "-[^/]*-linux-x86_64\\.jar"))
        .contains("Unusable", "is not on the class path (org.bytedeco:" + library + ")");
  }
}
