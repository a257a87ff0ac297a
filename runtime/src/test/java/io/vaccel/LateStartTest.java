package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.LateStart;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LateStartTest {
  private static final Capabilities CAN = Capabilities.of("CPU", Operations.NOOP);

  private final AtomicInteger starts = new AtomicInteger();

  private LateStart<String> starting() {
    return new LateStart<>(
        () -> {
          starts.incrementAndGet();
          return new LateStart.Started<>(CAN, "engine");
        });
  }

  private LateStart<String> failing(Reason reason) {
    return new LateStart<>(
        () -> {
          starts.incrementAndGet();
          throw new VaccelException(reason, "no library");
        });
  }

  @Test
  void engine_isStartedWhenItIsFirstAskedFor_andOnce() {
    LateStart<String> start = starting();
    assertThat(starts).hasValue(0);
    assertThat(start.capabilities()).isEqualTo(CAN);
    assertThat(start.engine()).isEqualTo("engine");
    assertThat(start.started()).contains("engine");
    assertThat(starts).hasValue(1);
  }

  @Test
  void engineThatCannotBeStarted_isNotTriedAgain_andSaysWhy() {
    LateStart<String> start = failing(Reason.ENGINE_FAILED);
    assertThat(start.capabilities().availability()).isEqualTo(Availability.unusable("no library"));
    VaccelException failure = Failures.of(start::engine);
    assertThat(failure.reason()).isEqualTo(Reason.NO_PLUGIN);
    assertThat(failure).hasMessage("no library");
    assertThat(start.started()).isEmpty();
    assertThat(starts).hasValue(1);
  }

  @Test
  void engineThatNobodySwitchedOn_isOff() {
    assertThat(failing(Reason.NOT_ALLOWED).capabilities().availability())
        .isEqualTo(Availability.off("no library"));
  }

  @Test
  void closedOne_givesWhatWasStarted_andIsUnusable() {
    LateStart<String> start = starting();
    assertThat(start.close()).as("nothing was started").isEmpty();
    assertThat(Failures.of(start::engine).reason()).isEqualTo(Reason.NO_PLUGIN);
    assertThat(starts).hasValue(0);
    LateStart<String> used = starting();
    assertThat(used.engine()).isEqualTo("engine");
    assertThat(used.close()).contains("engine");
    assertThat(used.close()).isEmpty();
    assertThat(used.capabilities().availability().isUsable()).isFalse();
  }
}
