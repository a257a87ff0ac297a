package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.await;
import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.plugin.vsock.FakeManners.Stalled;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent goes away in the middle of a call, and perhaps comes back. */
final class LostConnectionIT {
  @TempDir private Path directory;
  private FakeAgent agent;
  private Link link;

  @BeforeEach
  void start() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    link = Link.open(directory.resolve("link.sock"), agent.endpoint());
  }

  @AfterEach
  void stop() {
    link.close();
    agent.close();
  }

  @Test
  void brokenConnection_isLost_whenNothingIsRepeated() {
    assertThat(failureOnceBegun(link::cut))
        .hasMessageStartingWith("noop at " + link.endpoint() + ": connection to unix:");
  }

  @Test
  void callThatAnEndingAgentBreaksOff_isLost_andNotCancelled() {
    assertThat(failureOnceBegun(agent::kill))
        .hasMessageContaining("connection to " + link.endpoint() + " lost: ");
  }

  private VaccelException failureOnceBegun(Runnable loss) {
    try (Vaccel vaccel = Guests.at(link.endpoint(), ClientSettings.RETRIES, "0");
        Session session = vaccel.openSession()) {
      session.noop();
      Stalled noop = agent.manners().stall("Noop");
      CompletableFuture<VaccelException> failure =
          CompletableFuture.supplyAsync(() -> failureOf(session::noop));
      await(noop.begun());
      loss.run();
      assertThat(await(failure).reason()).isEqualTo(Reason.CONNECTION_LOST);
      return await(failure);
    }
  }

  @Test
  void brokenConnection_isLost_asynchronouslyToo() {
    try (Vaccel vaccel = Guests.at(link.endpoint(), ClientSettings.RETRIES, "0");
        Session session = vaccel.openSession()) {
      session.noop();
      Stalled noop = agent.manners().stall("Noop");
      CompletableFuture<?> call = session.async().noop();
      await(noop.begun());
      // The try that follows the loss, on another connection, is lost as well.
      Stalled again = agent.manners().stall("Noop");
      link.cut();
      await(again.begun());
      link.cut();
      assertThat(failureOf(call).reason()).isEqualTo(Reason.CONNECTION_LOST);
    }
  }

  @Test
  void repeatableCall_survivesALoss() {
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      session.noop();
      Stalled noop = agent.manners().stall("Noop");
      CompletableFuture<?> call = CompletableFuture.supplyAsync(session::noop);
      await(noop.begun());
      link.cut();
      assertThat(await(call)).isNotNull();
      assertThat(agent.manners().count("OpenSession")).isEqualTo(1);
    }
  }

  @Test
  void asynchronousCall_survivesALoss() {
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      session.noop();
      Stalled noop = agent.manners().stall("Noop");
      CompletableFuture<?> call = session.async().noop();
      await(noop.begun());
      link.cut();
      assertThat(await(call)).isNotNull();
    }
  }

  @Test
  void killedAgent_isLostOrUnreachable_andTheNextCallSaysSo() {
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      session.noop();
      Stalled noop = agent.manners().stall("Noop");
      CompletableFuture<VaccelException> failure =
          CompletableFuture.supplyAsync(() -> failureOf(session::noop));
      await(noop.begun());
      link.close();
      agent.close();
      assertThat(await(failure).reason()).isIn(Reason.CONNECTION_LOST, Reason.AGENT_UNREACHABLE);
      VaccelException next = failureOf(session::noop);
      assertThat(next.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
      assertThat(next)
          .hasMessageContaining("has not answered since")
          .hasMessageContaining("nobody listens there")
          .hasMessageContaining("next try in");
    }
  }

  @Test
  void restartedAgent_getsTheSessionOpenedAgain() {
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      session.noop();
      agent.restart();
      assertThat(session.noop()).isNotNull();
      assertThat(agent.manners().count("OpenSession")).isEqualTo(2);
      assertThat(agent.sessions().all()).hasSize(1);
    }
  }

  @Test
  void connectionThatBreaksWithinBulk_isRepeated() {
    Tensor large = Tensor.ofFloats("x", Shape.of(2_000_000), new float[2_000_000]);
    try (Vaccel vaccel = Guests.at(link.endpoint());
        Session session = vaccel.openSession()) {
      session.noop();
      link.cutAfter(3 << 20);
      assertThat(session.echo(List.of(large)).tensors()).containsExactly(large);
      assertThat(agent.manners().count("WriteBuffer")).isEqualTo(2);
    }
  }
}
