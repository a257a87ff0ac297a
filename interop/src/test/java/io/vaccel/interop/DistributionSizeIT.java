package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is installed by default stays small: large engines are added by those who want them. The
 * archive of classes does not count: it is made in the place where the programs are started.
 */
final class DistributionSizeIT {
  private static final long MAX_BYTES = 100_000_000;

  @ParameterizedTest
  @ValueSource(strings = {"agent", "guest"})
  void eachDistribution_isUnderAHundredMegabytes(String side) throws IOException {
    Path directory =
        (side.equals("agent") ? Programs.AGENT : Programs.GUEST).getParent().getParent();
    long bytes = 0;
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += file.toString().endsWith(".jsa") ? 0 : Files.size(file);
      }
    }
    assertThat(bytes).as("%s", side).isBetween(20_000_000L, MAX_BYTES);
  }
}
