package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.transport.Endpoint;
import io.vaccel.v1.GenericServiceGrpc;
import io.vaccel.v1.NoopRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentMainIT {
  @TempDir Path directory;
  private final List<AgentProcess> started = new ArrayList<>();

  @AfterEach
  void leaveNoProcessBehind() {
    started.forEach(AgentProcess::close);
  }

  @Test
  void agent_getsReady_serves_andStopsWithZero() throws Exception {
    String endpoint = "unix:" + directory.resolve("a.sock");
    String other = "unix:" + directory.resolve("b.sock");
    AgentProcess agent = run("--listen", endpoint, "--listen", other, "--state", state("one"));
    agent.awaitLine("ready ");
    assertThat(agent.seen().stream().filter(line -> line.contains("listening ")))
        .satisfiesExactlyInAnyOrder(
            line -> assertThat(line).endsWith("listening endpoint=" + endpoint),
            line -> assertThat(line).endsWith("listening endpoint=" + other));
    try (TestClient guest = new TestClient(Endpoint.parse(endpoint))) {
      guest.openSession();
    }

    agent.stop();

    assertThat(agent.exitCode()).isZero();
    assertThat(directory.resolve("a.sock")).doesNotExist();
    assertThat(agent.seen()).noneMatch(line -> line.contains("Exception"));
  }

  @Test
  void agentThatIsStoppedWhileItsPluginsStart_doesNotComplainOfThem() throws Exception {
    AgentProcess agent =
        AgentProcess.start(
            Map.of(StuckProvider.SLOW, "1"),
            "--listen",
            "unix:" + directory.resolve("a.sock"),
            "--state",
            state("one"));
    started.add(agent);
    agent.awaitLine("ready ");

    agent.stop();

    assertThat(agent.exitCode()).isZero();
    assertThat(agent.seen()).noneMatch(line -> line.contains("plugin fake usable=false"));
  }

  @Test
  void secondAgentOnOneEndpoint_failsWithOneClearLine() throws Exception {
    String endpoint = "unix:" + directory.resolve("a.sock");
    AgentProcess first = run("--listen", endpoint, "--state", state("one"));
    first.awaitLine("ready ");

    AgentProcess second = run("--listen", endpoint, "--state", state("two"));

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
    AgentProcess first =
        run("--listen", "unix:" + directory.resolve("a.sock"), "--state", state("one"));
    first.awaitLine("ready ");

    AgentProcess second =
        run("--listen", "unix:" + directory.resolve("b.sock"), "--state", state("one"));

    assertThat(second.exitCode()).isEqualTo(1);
    assertThat(second.seen()).anyMatch(line -> line.contains("in use by another agent"));
    first.stop();
    assertThat(first.exitCode()).isZero();
  }

  @Test
  void stateThatCannotBeUsed_isOneLineWithTheCause() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    AgentProcess agent =
        run("--listen", "unix:" + directory.resolve("a.sock"), "--state", file.toString());

    assertThat(agent.exitCode()).isEqualTo(1);
    assertThat(agent.seen())
        .contains(
            "vaccel-agent: state directory %1$s cannot be used: %1$s: something else is there"
                .formatted(file));
  }

  @Test
  void secondSignal_endsTheDrainAtOnce() throws Exception {
    String endpoint = "unix:" + directory.resolve("a.sock");
    AgentProcess agent =
        run("--listen", endpoint, "--state", state("one"), "--drain-seconds", "3600");
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
  void hangup_readsTheFileAgain_andABadOneChangesNothing() throws Exception {
    Path config = directory.resolve("agent.yaml");
    String first = "unix:" + directory.resolve("a.sock");
    String second = "unix:" + directory.resolve("b.sock");
    String kept = "unix:" + directory.resolve("kept.sock");
    String listeners = "listeners: [{endpoint: '" + kept + "'}, {endpoint: '%s'%s}]\n";
    Files.writeString(config, listeners.formatted(first, ""));
    AgentProcess agent = run("--config", config.toString(), "--state", state("one"));
    agent.awaitLine("ready ");

    Files.writeString(config, listeners.formatted(second, ", moed: rw-------"));
    agent.hangUp();
    agent.awaitLine("reload failed, the configuration stays as it was");
    assertThat(agent.seen())
        .filteredOn(line -> line.contains("reload failed"))
        .singleElement()
        .asString()
        .contains("agent.yaml:1: 'moed' is unknown");
    try (TestClient guest = new TestClient(Endpoint.parse(first))) {
      guest.openSession();
    }

    Files.writeString(config, listeners.formatted(second, "") + "limits: {lease: 90s}\n");
    agent.hangUp();
    agent.awaitLine("configuration reloaded");
    agent.awaitLine("'limits' differs and takes effect when the agent starts again");
    try (TestClient guest = new TestClient(Endpoint.parse(second))) {
      guest.openSession();
    }
    assertThat(directory.resolve("a.sock")).doesNotExist();
    agent.stop();
    assertThat(agent.exitCode()).isZero();
    assertThat(agent.seen().stream().filter(line -> line.endsWith("listening endpoint=" + kept)))
        .hasSize(1);
  }

  @Test
  void hangupThatNobodyCanSend_isInTheLog() throws Exception {
    Path config = directory.resolve("agent.yaml");
    Files.writeString(config, "listeners: [{endpoint: 'unix:" + directory.resolve("a") + "'}]\n");
    try (AgentProcess agent =
        AgentProcess.startUnderNohup("--config", config.toString(), "--state", state("one"))) {
      agent.awaitLine("SIGHUP does nothing: this program was started to ignore it");
      agent.awaitLine("ready ");
      agent.stop();
      assertThat(agent.exitCode()).isZero();
    }
  }

  @Test
  void checkConfig_saysWhatIsWrong() throws Exception {
    Path config = Files.writeString(directory.resolve("agent.yaml"), "listeners: 3\n");
    AgentProcess bad = run("check-config", config.toString());
    assertThat(bad.exitCode()).isEqualTo(1);
    assertThat(bad.seen())
        .anyMatch(line -> line.contains("agent.yaml:1: 'listeners' must be a list"));
    Files.writeString(config, "admin: unix:/run/admin.sock\n");
    assertThat(run("check-config", config.toString()).exitCode()).isZero();
    assertThat(run("--config", directory.resolve("none").toString()).exitCode()).isEqualTo(1);
  }

  @Test
  void wrongUsage_isTwo() throws Exception {
    assertThat(run().exitCode()).isEqualTo(2);
    assertThat(run("--listen", "nonsense").exitCode()).isEqualTo(2);
    AgentProcess limit = run("--listen", "unix:/tmp/x", "--limit", "nothing=1");
    assertThat(limit.exitCode()).isEqualTo(2);
    assertThat(limit.seen()).anyMatch(line -> line.contains("no limit is named 'nothing'"));
  }

  @Test
  void helpVersionAndLimits_areZero() throws Exception {
    assertThat(run("--help").exitCode()).isZero();
    assertThat(run("--version").exitCode()).isZero();
    AgentProcess limits = run("limits");
    assertThat(limits.exitCode()).isZero();
    assertThat(limits.seen()).anyMatch(line -> line.startsWith("sessions-per-peer"));
    AgentProcess version = run("doctor", "--version");
    assertThat(version.exitCode()).isZero();
    assertThat(version.seen()).anyMatch(line -> line.startsWith("vaccel-agent "));
  }

  @Test
  void completion_isAScriptThatBashAccepts() throws Exception {
    AgentProcess completion = run("completion");
    assertThat(completion.exitCode()).isZero();
    assertThat(completion.seen()).anyMatch(line -> line.contains("complete -F"));
    Path script = Files.write(directory.resolve("completion"), completion.seen());
    Process bash = new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).isZero();
  }

  private String state(String name) {
    return directory.resolve(name).toString();
  }

  private AgentProcess run(String... arguments) throws IOException {
    AgentProcess process = AgentProcess.start(arguments);
    started.add(process);
    return process;
  }
}
