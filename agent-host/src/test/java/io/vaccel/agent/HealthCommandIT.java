package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HealthCommandIT {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void servingAgent_isZero() throws IOException {
    try (RunningAgent running = RunningAgent.start(directory)) {
      assertThat(health(running.agent.endpoints().get(0).toString())).isZero();
      assertThat(out.toString()).contains("SERVING");
    }
  }

  @Test
  void drainingAgent_isOne() throws IOException {
    try (RunningAgent running = RunningAgent.start(directory)) {
      HeldNoop call = HeldNoop.called(running, running.client());
      CompletableFuture<Boolean> drained = HeldNoop.drain(running.agent, Duration.ofSeconds(20));

      Eventually.isTrue(
          "it says so", () -> health(running.agent.endpoints().get(0).toString()) == 1);
      assertThat(out.toString()).contains("NOT_SERVING");

      assertThat(call.release()).succeedsWithin(Duration.ofSeconds(20));
      assertThat(drained).succeedsWithin(Duration.ofSeconds(20));
    }
  }

  @Test
  void nobodyThere_isOneLineAndOne() {
    String nobody = "unix:" + directory.resolve("nobody.sock");

    assertThat(health(nobody)).isEqualTo(1);
    assertThat(err.toString().lines())
        .singleElement()
        .asString()
        .startsWith("vaccel-agent: health at " + nobody);
  }

  @Test
  void wrongUsage_isTwo() {
    assertThat(health("nonsense")).isEqualTo(2);
    assertThat(health("unix:/tmp/x", "--timeout-seconds", "0")).isEqualTo(2);
    assertThat(health("vsock:any:2048")).isEqualTo(2);
  }

  private int health(String... arguments) {
    CommandLine line =
        AgentMain.commandLine()
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true));
    String[] words = new String[arguments.length + 1];
    words[0] = "health";
    System.arraycopy(arguments, 0, words, 1, arguments.length);
    return line.execute(words);
  }
}
