package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.spi.Capabilities;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An agent that is away is left alone but for one probe a second, and used again when it is back.
 */
final class BreakerIT {
  @TempDir private Path directory;
  private final ManualClock clock = new ManualClock();
  private FakeAgent agent;
  private Link link;
  private VsockPlugin plugin;

  @AfterEach
  void stop() {
    link.close();
    agent.close();
  }

  @Test
  void absentAgent_isProbedOncePerInterval_andUsedWhenItComes() throws Exception {
    agent = FakeAgent.absent(directory.resolve("agent.sock"));
    open();
    try (Vaccel vaccel = Vaccel.builder().plugin(plugin).load();
        Session session = vaccel.openSession()) {
      assertThat(failureOf(session::noop).reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
      int connects = link.accepted();
      for (int i = 0; i < 20; i++) {
        assertThat(failureOf(session::noop)).hasMessageContaining("next try in 1000 ms");
      }
      assertThat(link.accepted()).isEqualTo(connects);

      clock.advance(Duration.ofMillis(1001));
      VaccelException still = failureOf(session::noop);
      assertThat(still).hasMessageContaining("has not answered since 2026-11-22T18:00:00Z");
      assertThat(link.accepted()).isGreaterThan(connects);

      agent.start();
      assertThat(failureOf(session::noop).reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
      clock.advance(Duration.ofMillis(1001));
      assertThat(session.noop()).isNotNull();
      assertThat(Files.exists(directory.resolve("agent.sock"))).isTrue();
    }
  }

  @Test
  void capabilities_sayWhatTheAgentIs_andRenewThemselves() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    open();
    try (Vaccel vaccel = Vaccel.builder().plugin(plugin).load()) {
      Capabilities can = vaccel.plugins().get(0).capabilities();
      assertThat(can.device()).isEqualTo("FPU");
      assertThat(can.operations())
          .extracting(Object::toString)
          .containsExactlyInAnyOrder("noop", "echo", "model.run", "image.classify");
      assertThat(can.details())
          .containsEntry("endpoint", link.endpoint().toString())
          .containsEntry("agent version", "9.8.7")
          .containsEntry("seen by the agent as", "unix uid 0")
          .containsEntry("breaker", "closed")
          .containsEntry("connect timeout", "10000 ms")
          .containsEntry("retries", "2, after pauses of 50 ms to 1 s")
          .containsEntry("time limit", "none but the deadline")
          .containsEntry("probes when it is away", "one in 1000 ms, waited for 30000 ms")
          .containsEntry(
              "plugin fake",
              "FPU: echo, image.classify, model.run, noop, x.y of ONNX; engine Fake 1.2")
          .containsEntry("plugin gpu", "not usable: there is no GPU");
      for (int i = 0; i < 100; i++) {
        plugin.capabilities();
      }
      assertThat(agent.manners().count("GetAgentInfo")).isEqualTo(1);

      var asked = new CompletableFuture<Void>();
      agent.manners().before("GetAgentInfo", () -> asked.complete(null));
      clock.advance(Duration.ofSeconds(31));
      assertThat(plugin.capabilities()).isEqualTo(can);
      Guests.await(asked);
    }
  }

  @Test
  void newConnection_meansNewCapabilities() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    open();
    try (Vaccel vaccel = Vaccel.builder().plugin(plugin).load();
        Session session = vaccel.openSession()) {
      session.noop();
      agent.restart();
      var asked = new CompletableFuture<Void>();
      agent.manners().before("GetAgentInfo", () -> asked.complete(null));
      session.noop();
      assertThat(session.noop()).isNotNull();
      Guests.await(asked);
    }
  }

  @Test
  void agentThatRefuses_isNoOutage() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    agent
        .manners()
        .fail("GetAgentInfo", new VaccelException(Reason.NOT_ALLOWED, "not for this guest"));
    open();
    try (Vaccel vaccel = Vaccel.builder().plugin(plugin).load();
        Session session = vaccel.openSession()) {
      VaccelException failure = failureOf(session::noop);
      assertThat(failure).hasMessageContaining("not for this guest");
      clock.advance(Duration.ofSeconds(2));
      Guests.await(vaccelAnswers(session));
    }
  }

  @Test
  void agentThatOpensNoSession_isLeftAloneForASecond() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    agent
        .manners()
        .fail("OpenSession", new VaccelException(Reason.NOT_ALLOWED, "not for this guest"));
    open();
    try (Vaccel vaccel = Vaccel.builder().plugin(plugin).load();
        Session session = vaccel.openSession()) {
      for (int i = 0; i < 20; i++) {
        VaccelException failure = failureOf(session::noop);
        assertThat(failure.reason()).isEqualTo(Reason.NO_PLUGIN);
        assertThat(failure)
            .hasMessageContainingAll("not for this guest", "add vaccel-backend-reference");
      }
      assertThat(agent.manners().count("OpenSession")).isEqualTo(1);
      clock.advance(Duration.ofSeconds(2));
      Guests.await(vaccelAnswers(session));
    }
  }

  @Test
  void agentOfAnotherKind_isNamedAsSuch() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    agent.manners().fail("GetAgentInfo", io.grpc.Status.UNIMPLEMENTED.asRuntimeException());
    open();
    try (Vaccel vaccel = Vaccel.builder().plugin(plugin).load();
        Session session = vaccel.openSession()) {
      VaccelException failure = failureOf(session::noop);
      assertThat(failure.reason()).isEqualTo(Reason.NO_PLUGIN);
      assertThat(failure)
          .hasMessageContaining("does not know vaccel.v1.AgentService/GetAgentInfo")
          .hasMessageContaining("another version");
    }
  }

  private static CompletableFuture<Void> vaccelAnswers(Session session) {
    return CompletableFuture.runAsync(
        () -> {
          while (true) {
            try {
              session.noop();
              return;
            } catch (VaccelException e) {
              Thread.onSpinWait();
            }
          }
        });
  }

  private void open() {
    link = Link.open(directory.resolve("link.sock"), agent.endpoint());
    // A probe ends with the agent's answer or refusal, however slow the machine is.
    ClientSettings settings =
        ClientSettings.of(new Settings(Map.of(ClientSettings.PROBE_WAIT, "30000")));
    plugin = new VsockPlugin(Connection.open(link.endpoint(), settings), settings, clock);
  }
}
