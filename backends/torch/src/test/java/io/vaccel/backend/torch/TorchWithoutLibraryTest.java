package io.vaccel.backend.torch;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the native library is missing, the plugin is unusable and says why. */
final class TorchWithoutLibraryTest {
  @ParameterizedTest
  @ValueSource(strings = {"pytorch", "openblas"})
  void missingLibrary_isNamed(String library) throws Exception {
    String all =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    String without =
        Stream.of(all.split(File.pathSeparator))
            .filter(jar -> !jar.matches(".*/" + library + "-[^/]*-linux-x86_64\\.jar"))
            .collect(Collectors.joining(File.pathSeparator));
    assertThat(without).isNotEqualTo(all);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                without,
                TorchWithoutLibraryTest.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output)
        .contains("Unusable", "is not on the class path (org.bytedeco:" + library + ")");
  }

  /** The process: prints whether the plugin is usable. */
  public static void main(String[] arguments) {
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, "torch").load()) {
      System.out.println(vaccel.plugins().get(0).capabilities().availability());
    }
  }
}
