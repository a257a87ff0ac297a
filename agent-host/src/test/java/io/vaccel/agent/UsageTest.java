package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UsageTest {
  private final AtomicInteger freed = new AtomicInteger();
  private final Usage usage = new Usage(freed::incrementAndGet);

  @Test
  void unused_isFreedAtOnce() {
    assertThat(usage.end()).isTrue();
    assertThat(freed).hasValue(1);
    assertThat(usage.enter()).isFalse();
  }

  @Test
  void inUse_isFreedWhenTheLastUserLeaves() {
    assertThat(usage.enter()).isTrue();
    assertThat(usage.enter()).isTrue();
    usage.end();
    usage.exit();
    assertThat(freed).hasValue(0);
    assertThat(usage.enter()).isFalse();
    usage.exit();
    assertThat(freed).hasValue(1);
  }

  @Test
  void endedTwice_isFreedOnce() {
    usage.end();
    assertThat(usage.end()).isFalse();
    assertThat(usage.endIfIdle()).isFalse();
    assertThat(freed).hasValue(1);
  }

  @Test
  void endIfIdle_leavesWhatIsInUse() {
    usage.enter();
    assertThat(usage.endIfIdle()).isFalse();
    usage.exit();
    assertThat(freed).hasValue(0);
    assertThat(usage.endIfIdle()).isTrue();
    assertThat(freed).hasValue(1);
  }
}
