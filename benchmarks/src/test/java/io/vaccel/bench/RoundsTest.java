package io.vaccel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoundsTest {
  /** Moved by the calls alone, so that every figure is known beforehand. */
  private long nanos;

  private final List<Way> calls = new ArrayList<>();
  private final Rounds rounds = new Rounds(() -> nanos, () -> Duration.ofNanos(nanos * 2));

  @Test
  void figures_areThoseOfTheCalls() throws Exception {
    Scenario scenario =
        new Scenario(
            "s",
            "title",
            3_000_000,
            1_000_000,
            List.of(takes(Way.LOCAL, 2), takes(Way.RAW_UNIX, 10), takes(Way.UNIX, 40)));

    Outcome outcome = rounds.measure(scenario, plan(0, 100, 40, 1));

    assertThat(outcome.rounds()).isEqualTo(1);
    Outcome.Row unix = outcome.row(Way.UNIX).orElseThrow();
    assertThat(unix.count()).isEqualTo(1);
    assertThat(unix.p50Nanos()).isCloseTo(40e6, within(0.001 * 40e6));
    assertThat(unix.p99Nanos()).isCloseTo(40e6, within(0.001 * 40e6));
    assertThat(unix.cpuNanos()).isEqualTo(80e6);
    assertThat(unix.bytesPerSecond()).isCloseTo(1e8, within(1e5));
    assertThat(unix.toRaw().orElseThrow().median()).isCloseTo(4, within(0.01));
    assertThat(unix.toLocal().orElseThrow().median()).isCloseTo(20, within(0.05));
    Outcome.Row raw = outcome.row(Way.RAW_UNIX).orElseThrow();
    assertThat(raw.count()).isEqualTo(4);
    assertThat(raw.toRaw()).isEmpty();
    assertThat(raw.toLocal()).isEmpty();
  }

  @Test
  void warmup_isNotCounted() throws Exception {
    Scenario scenario = new Scenario("s", "title", 1, 1, List.of(takes(Way.LOCAL, 10)));

    Outcome outcome = rounds.measure(scenario, plan(50, 30, 10, 1));

    assertThat(calls).hasSize(5 + 3);
    assertThat(outcome.rounds()).isEqualTo(3);
    assertThat(outcome.rows().get(0).count()).isEqualTo(3);
  }

  @Test
  void quickCalls_leaveTheWarmupToTheOthers() throws Exception {
    Scenario scenario =
        new Scenario("s", "title", 1, 1, List.of(takes(Way.LOCAL, 1), takes(Way.UNIX, 500)));

    rounds.measure(scenario, plan(1, 0, 5_000, 1));

    assertThat(calls.subList(0, 1_000)).containsOnly(Way.LOCAL);
    assertThat(calls.subList(1_000, 1_010)).containsOnly(Way.UNIX);
    // In the round that counts, the slice is used up.
    assertThat(calls.subList(1_010, 6_010)).containsOnly(Way.LOCAL);
  }

  @Test
  void slowCalls_stillHaveTheLeastNumberOfRounds() throws Exception {
    Scenario scenario = new Scenario("s", "title", 1, 1, List.of(takes(Way.LOCAL, 1_000)));

    assertThat(rounds.measure(scenario, plan(1, 1, 1, 3)).rounds()).isEqualTo(3);
  }

  @Test
  void contenders_takeTurnsAndNobodyAlwaysFollowsTheSame() throws Exception {
    Scenario scenario =
        new Scenario(
            "s",
            "title",
            1,
            1,
            List.of(takes(Way.LOCAL, 10), takes(Way.UNIX, 10), takes(Way.TCP, 10)));

    rounds.measure(scenario, plan(0, 0, 10, 6));

    List<List<Way>> turns = new ArrayList<>();
    for (int i = 3; i < calls.size(); i += 3) {
      turns.add(calls.subList(i, i + 3));
    }
    assertThat(turns)
        .hasSize(6)
        .doesNotHaveDuplicates()
        .allSatisfy(
            turn -> assertThat(turn).containsExactlyInAnyOrder(Way.LOCAL, Way.UNIX, Way.TCP));
  }

  @Test
  void wrongResult_endsTheMeasurement() {
    Scenario scenario =
        new Scenario(
            "s",
            "title",
            1,
            1,
            List.of(
                new Contender(
                    Way.LOCAL,
                    () -> {
                      throw new IOException("wrong");
                    })));

    assertThatThrownBy(() -> rounds.measure(scenario, plan(0, 1, 1, 1)))
        .isInstanceOf(IOException.class)
        .hasMessage("wrong");
  }

  @Test
  void sameWayTwice_isRefused() {
    assertThatThrownBy(
            () ->
                new Scenario("s", "title", 1, 1, List.of(takes(Way.LOCAL, 1), takes(Way.LOCAL, 2))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private Contender takes(Way way, long millis) {
    return new Contender(
        way,
        () -> {
          calls.add(way);
          nanos += millis * 1_000_000;
        });
  }

  private static Plan plan(long warmup, long measured, long slice, int minRounds) {
    return new Plan(
        Duration.ofMillis(warmup),
        Duration.ofMillis(measured),
        Duration.ofMillis(slice),
        minRounds);
  }
}
