package io.vaccel.backend.exec;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.backend.exec.child.Abi;
import io.vaccel.backend.exec.child.WithoutLandlock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a part of the isolation cannot be had, exec is not to be had either. */
final class FailClosedIT {
  private static final String LIBRARY =
      "a=ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final int LANDLOCK_CREATE_RULESET = 444;
  private static final int LANDLOCK_RESTRICT_SELF = 446;
  private static final int NONE = 100_000;

  @TempDir private Path directory;

  @Test
  void withoutLandlock_isUnusable_andSaysWhatItNeeds() throws Exception {
    assertThat(reasonWithout(LANDLOCK_CREATE_RULESET))
        .startsWith("libraries cannot be isolated: the kernel has no Landlock (errno 38)")
        .contains("Linux 5.13");
  }

  @Test
  void landlockThatDoesNotWork_isUnusable() throws Exception {
    assertThat(reasonWithout(LANDLOCK_RESTRICT_SELF)).contains("cannot be isolated");
  }

  @Test
  void withoutSeccomp_isUnusable() throws Exception {
    assertThat(reasonWithout(Abi.current().orElseThrow().seccomp()))
        .contains("libraries cannot be isolated")
        .contains("seccomp");
  }

  @Test
  void withAll_isUsable() throws Exception {
    assertThat(reasonWithout(NONE)).isEqualTo("usable");
  }

  private String reasonWithout(int systemCall) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                WithoutLandlock.class.getName(),
                Integer.toString(systemCall),
                LIBRARY)
            .directory(directory.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return said.strip();
  }
}
