package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.transport.Endpoint;
import io.vaccel.v1.GenericServiceGrpc;
import io.vaccel.v1.NoopRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentMainIT {
  @TempDir Path directory;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void leaveNoProcessBehind() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void agent_getsReady_serves_andStopsWithZero() throws Exception {
    String endpoint = "unix:" + directory.resolve("a.sock");
    Program agent = run("--listen", endpoint, "--state", state("one"));
    agent.awaitLine("ready ");
    assertThat(agent.seen()).anyMatch(line -> line.contains("listening endpoint=" + endpoint));
    try (TestClient guest = new TestClient(Endpoint.parse(endpoint))) {
      guest.openSession();
    }

    agent.stop();

    assertThat(agent.exitCode()).isZero();
    assertThat(directory.resolve("a.sock")).doesNotExist();
    assertThat(agent.seen()).noneMatch(line -> line.contains("Exception"));
  }

  @Test
  void secondAgentOnOneEndpoint_failsWithOneClearLine() throws Exception {
    String endpoint = "unix:" + directory.resolve("a.sock");
    Program first = run("--listen", endpoint, "--state", state("one"));
    first.awaitLine("ready ");

    Program second = run("--listen", endpoint, "--state", state("two"));

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.seen())
        .filteredOn(line -> line.startsWith("vaccel-agent: "))
        .singleElement()
        .asString()
        .contains("cannot listen on " + endpoint)
        .contains("already listens");
    assertThat(second.seen()).noneMatch(line -> line.contains("Exception"));
    first.stop();
    assertThat(first.exitCode()).isZero();
  }

  @Test
  void secondAgentOnOneStateDirectory_failsWithOneClearLine() throws Exception {
    Program first = run("--listen", "unix:" + directory.resolve("a.sock"), "--state", state("one"));
    first.awaitLine("ready ");

    Program second =
        run("--listen", "unix:" + directory.resolve("b.sock"), "--state", state("one"));

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.seen()).anyMatch(line -> line.contains("in use by another agent"));
    first.stop();
    assertThat(first.exitCode()).isZero();
  }

  @Test
  void secondSignal_endsTheDrainAtOnce() throws Exception {
    String endpoint = "unix:" + directory.resolve("a.sock");
    Program agent = run("--listen", endpoint, "--state", state("one"), "--drain-seconds", "3600");
    agent.awaitLine("ready ");
    try (TestClient guest = new TestClient(Endpoint.parse(endpoint))) {
      String session = guest.openSession();
      var stuck =
          GenericServiceGrpc.newFutureStub(guest.channel)
              .noop(NoopRequest.newBuilder().setSessionId(session).build());
      // The no-op is on its way when a later call has been answered.
      guest.openSession();
      agent.stop();
      agent.awaitLine("stopping signal=SIGTERM");

      agent.stop();

      assertThat(agent.exitCode()).isZero();
      assertThat(agent.seen()).anyMatch(line -> line.contains("stopping at once"));
      assertThat(stuck).failsWithin(Duration.ofSeconds(20));
    }
    assertThat(directory.resolve("a.sock")).doesNotExist();
  }

  @Test
  void wrongUsage_isTwo() throws Exception {
    assertThat(run().exitCode()).isEqualTo(2);
    assertThat(run("--listen", "nonsense").exitCode()).isEqualTo(2);
    Program limit = run("--listen", "unix:/tmp/x", "--limit", "nothing=1");
    assertThat(limit.exitCode()).isEqualTo(2);
    assertThat(limit.seen()).anyMatch(line -> line.contains("no limit is named 'nothing'"));
  }

  @Test
  void helpVersionLimitsAndCompletion_areZero() throws Exception {
    assertThat(run("--help").exitCode()).isZero();
    assertThat(run("--version").exitCode()).isZero();
    Program limits = run("limits");
    assertThat(limits.exitCode()).isZero();
    assertThat(limits.seen()).anyMatch(line -> line.startsWith("sessions-per-peer"));
    assertThat(run("generate-completion").exitCode()).isZero();
  }

  private String state(String name) {
    return directory.resolve(name).toString();
  }

  private Program run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(AgentMain.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("VACCEL_PLUGINS");
    builder.environment().remove("VACCEL_RPC_ADDRESS");
    builder.environment().remove("VACCEL_LOG_FILE");
    Process process = builder.start();
    started.add(process);
    return new Program(process);
  }

  /** A child process and what it has printed so far. */
  private static final class Program {
    private final Process process;
    private final BufferedReader output;
    private final List<String> lines = new ArrayList<>();

    Program(Process process) {
      this.process = process;
      this.output = process.inputReader(StandardCharsets.UTF_8);
    }

    void awaitLine(String part) throws IOException {
      String line = output.readLine();
      while (line != null) {
        lines.add(line);
        if (line.contains(part)) {
          return;
        }
        line = output.readLine();
      }
      throw new AssertionError("it ended without '" + part + "': " + lines);
    }

    /** SIGTERM; {@link Process#destroy} would also close what the program still writes to. */
    void stop() {
      process.toHandle().destroy();
    }

    int exitCode() throws Exception {
      output.lines().forEach(lines::add);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).describedAs("it ends").isTrue();
      return process.exitValue();
    }

    List<String> seen() {
      return lines;
    }
  }
}
