package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Tests that share an agent process on a Unix socket, which lives through all of them. */
abstract class WithAgent {
  @TempDir static Path directory;

  static String endpoint;
  private static RunningAgent agent;

  @BeforeAll
  static void startAgent() {
    endpoint = "unix:" + directory.resolve("agent.sock");
    agent = RunningAgent.start(directory, endpoint);
  }

  @AfterAll
  static void agentStillAnswers_andEndsCleanly() {
    Programs.Finished info = Programs.guest(directory, "info", "--agent", endpoint);
    assertThat(info.status()).as(info.err()).isZero();
    assertThat(agent.stop()).isZero();
    assertThat(directory.resolve("agent.sock")).doesNotExist();
  }
}
