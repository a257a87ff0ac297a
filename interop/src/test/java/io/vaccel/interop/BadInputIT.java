package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.VaccelException;
import io.vaccel.transport.Endpoint;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bad input gives one clear line, and an agent that has had all of it many times is as it was
 * before.
 *
 * <p>The agent is a process with a heap of fixed size that is all there from the beginning, so that
 * what its resident memory grows by is native. Its quotas are small: a session, buffer, model or
 * call that stayed behind each time would use them up.
 */
final class BadInputIT {
  private static final int WARM_UP = 60;
  private static final int REPETITIONS = 200;

  /** A leak of 10 KiB by one of the inputs is found, against the noise of caches. */
  private static final long HEAP_SLACK_BYTES = 2 << 20;

  /** A leak of 300 KiB by one of the inputs is found, against the noise of malloc. */
  private static final long NATIVE_SLACK_BYTES = 60 << 20;

  @TempDir static Path directory;

  private static Endpoint endpoint;
  private static RunningAgent agent;

  @BeforeAll
  static void startAgent() {
    endpoint = new Endpoint.Unix(directory.resolve("a.sock").toString());
    agent =
        RunningAgent.start(
            directory,
            Map.of(
                "VACCEL_JAVA_OPTS",
                "-Xms192m -Xmx192m -XX:+AlwaysPreTouch -XX:+UseSerialGC",
                "MALLOC_ARENA_MAX",
                "2"),
            endpoint.toString(),
            "--limit",
            "sessions=16",
            "--limit",
            "calls-per-peer=16",
            "--limit",
            "running-calls=16",
            "--limit",
            "model-bytes=1M",
            "--limit",
            "files=64",
            "--limit",
            "buffer-bytes=16M");
  }

  @AfterAll
  static void agentEndsCleanly() {
    assertThat(agent.stop()).isZero();
    assertThat(agent.log()).doesNotContain("Exception", "ERROR");
  }

  @ParameterizedTest
  @EnumSource
  void badInput_isOneClearLine(BadInput input) {
    try (BadGuest guest = new BadGuest(endpoint)) {
      assertRefused(guest, input);
    }
  }

  @Test
  void agentThatHasSeenAllOfItOften_isAsBefore() {
    repeat(WARM_UP);
    AgentMemory before = AgentMemory.of(agent);

    repeat(REPETITIONS);

    AgentMemory after = AgentMemory.of(agent);
    assertThat(after.heapBytes() - before.heapBytes())
        .as("live heap, from %s to %s", before, after)
        .isLessThan(HEAP_SLACK_BYTES);
    assertThat(after.residentBytes() - before.residentBytes())
        .as("resident memory, from %s to %s", before, after)
        .isLessThan(NATIVE_SLACK_BYTES);
    agent.await("has closed all descriptors", () -> agent.descriptors() <= before.descriptors());
  }

  private static void repeat(int times) {
    try (BadGuest guest = new BadGuest(endpoint)) {
      for (int i = 0; i < times; i++) {
        for (BadInput input : BadInput.values()) {
          assertRefused(guest, input);
        }
      }
    }
  }

  private static void assertRefused(BadGuest guest, BadInput input) {
    VaccelException refusal = catchThrowableOfType(VaccelException.class, () -> input.send(guest));
    assertThat(refusal).as("%s is refused", input).isNotNull();
    assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(input.reason());
    assertThat(refusal.getMessage())
        .contains(input.mention())
        .doesNotContain("\n", "Exception", "java.", directory.resolve("state").toString());
    if (!input.operation().isEmpty()) {
      assertThat(refusal.getMessage()).startsWith(input.operation() + " at " + endpoint + ": ");
    }
  }
}
