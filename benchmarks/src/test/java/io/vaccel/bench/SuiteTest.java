package io.vaccel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuiteTest {
  /** A quick run ends within 90 seconds; starting the agent and making the data take the rest. */
  private static final Duration QUICK = Duration.ofSeconds(60);

  @Test
  void quickRun_leavesTimeToPrepare() {
    assertThat(
            new Suite(Path.of("samples"), Suite.Length.QUICK)
                .entries(Optional.empty()).stream()
                    .map(entry -> entry.plan().warmup().plus(entry.plan().measured()))
                    .reduce(Duration.ZERO, Duration::plus))
        .isLessThanOrEqualTo(QUICK);
  }

  @Test
  void onlyOnePart_isThatPart() {
    assertThat(
            new Suite(Path.of("samples"), Suite.Length.SMOKE)
                .entries(Optional.of(Suite.Part.BULK)).stream().map(Suite.Entry::title))
        .containsExactly(
            "bulk of 65536 KiB", "bulk of 16384 KiB", "bulk of 1024 KiB", "bulk of 64 KiB");
  }
}
