package io.vaccel.backend.tflite;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.contract.PluginProcess;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the native library is missing, the plugin is unusable and says why. */
final class TfliteWithoutLibraryTest {
  @ParameterizedTest
  @ValueSource(strings = {"tensorflow-lite", "javacpp"})
  void missingLibrary_isNamed(String library) {
    assertThat(PluginProcess.availability("tflite", library + "-[^/]*-linux-[^/]*\\.jar"))
        .contains("Unusable", "is not on the class path (org.bytedeco:" + library + ")");
  }
}
