package io.vaccel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RatioTest {
  @Test
  void machineThatSlowsDown_changesNoRatio() {
    Ratio ratio = Ratio.of(new double[] {20, 200, 2000}, new double[] {10, 100, 1000});

    assertThat(ratio).isEqualTo(new Ratio(2, 2, 2));
  }

  @Test
  void oneDisturbedRound_doesNotMoveTheMedian() {
    double[] medians = {30, 31, 900, 29, 30};
    double[] baselines = {10, 10, 10, 10, 10};

    assertThat(Ratio.of(medians, baselines).median()).isEqualTo(3);
  }

  @Test
  void quartiles_lieBetweenTheNearestRounds() {
    Ratio ratio = Ratio.of(new double[] {4, 1, 3, 2}, new double[] {1, 1, 1, 1});

    assertThat(ratio.median()).isCloseTo(2.5, within(1e-9));
    assertThat(ratio.lower()).isCloseTo(1.75, within(1e-9));
    assertThat(ratio.upper()).isCloseTo(3.25, within(1e-9));
  }

  @Test
  void differentNumbersOfRounds_areRefused() {
    assertThatThrownBy(() -> Ratio.of(new double[] {1, 2}, new double[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("2 rounds cannot be compared with 1");
  }
}
