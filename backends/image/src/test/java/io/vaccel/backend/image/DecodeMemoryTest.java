package io.vaccel.backend.image;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Reason;
import io.vaccel.spi.Call;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class DecodeMemoryTest {
  private final DecodeMemory memory = new DecodeMemory(1 << 20);

  @Test
  void moreThanThereIs_isTooLarge() {
    assertThat(failureOf(() -> memory.take(1 << 20, within(1000))).reason())
        .isEqualTo(Reason.IMAGE_TOO_LARGE);
  }

  @Test
  void whatIsTaken_isFreeAgainAfterwards() throws Exception {
    DecodeMemory.Share share = memory.take(700 << 10, within(1000));
    assertThat(failureOf(() -> memory.take(700 << 10, within(20))).reason())
        .isEqualTo(Reason.DEADLINE_EXCEEDED);
    CompletableFuture<DecodeMemory.Share> waiting =
        CompletableFuture.supplyAsync(() -> memory.take(700 << 10, within(60_000)));
    share.close();
    waiting.get(60, TimeUnit.SECONDS).close();
  }

  private static Call within(long millis) {
    return Call.start(CallOptions.within(Duration.ofMillis(millis)), Runnable::run);
  }
}
