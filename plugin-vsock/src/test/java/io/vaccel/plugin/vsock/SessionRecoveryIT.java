package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.await;
import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The agent forgets a session: it is opened again, with its models, without the caller's help. */
final class SessionRecoveryIT {
  private static final Image PICTURE = Image.encoded(ByteBuffer.wrap(new byte[] {42}));

  @TempDir private Path directory;
  private FakeAgent agent;

  @BeforeEach
  void start() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  @Test
  void endedLease_isNotNoticedByTheCaller() {
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession()) {
      session.noop();
      agent.sessions().loseAll();
      assertThat(session.noop()).isNotNull();
      agent.sessions().loseAll();
      assertThat(await(session.async().noop())).isNotNull();
      assertThat(agent.manners().count("OpenSession")).isEqualTo(3);
    }
  }

  @Test
  void models_areLoadedAgain_andNotSentAgain() {
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession();
        Model model = session.load(Guests.model(1000, 1), CallOptions.defaults())) {
      assertThat(session.classify(model, PICTURE).best().name()).isEqualTo("class 42");
      agent.restart();
      assertThat(session.classify(model, PICTURE).best().name()).isEqualTo("class 42");
      assertThat(agent.manners().count("LoadModel")).isEqualTo(2);
      assertThat(agent.manners().count("UploadContent")).isEqualTo(1);
    }
  }

  @Test
  void manyCallsAtOnce_openOneSession_andLoadOnce() {
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession();
        Model model = session.load(Guests.model(1000, 1), CallOptions.defaults())) {
      agent.sessions().loseAll();
      List<CompletableFuture<?>> calls = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        calls.add(session.async().classify(model, PICTURE));
      }
      calls.forEach(Guests::await);
      assertThat(agent.manners().count("OpenSession")).isEqualTo(2);
      assertThat(agent.manners().count("LoadModel")).isEqualTo(2);
    }
  }

  @Test
  void agentThatForgetsAtOnce_isReported() {
    VaccelException lost = new VaccelException(Reason.SESSION_NOT_FOUND, "no such session");
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession()) {
      agent.manners().fail("Noop", lost);
      agent.manners().fail("Noop", lost);
      assertThat(failureOf(session::noop))
          .hasMessage("noop at " + agent.endpoint() + ": no such session")
          .extracting(VaccelException::reason)
          .isEqualTo(Reason.SESSION_NOT_FOUND);
      assertThat(session.noop()).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource({"RegisterResource, NAME_INVALID", "LoadModel, RESOURCE_NOT_FOUND"})
  void anyOfTheCallsThatAnOperationTakes_failsInItsName(String method, Reason reason) {
    try (Vaccel vaccel = Guests.at(agent.endpoint());
        Session session = vaccel.openSession()) {
      agent.manners().fail(method, new VaccelException(reason, "this is wrong"));
      assertThat(failureOf(() -> session.load(Guests.model(10, 3), CallOptions.defaults())))
          .hasMessage("model.load at " + agent.endpoint() + ": this is wrong")
          .extracting(VaccelException::reason)
          .isEqualTo(reason);
    }
  }

  @Test
  void leaseOfAnIdleSession_isRenewed() {
    CompletableFuture<Void> renewed = new CompletableFuture<>();
    agent.manners().before("RenewSession", () -> renewed.complete(null));
    try (Vaccel vaccel = Guests.at(agent.endpoint(), ClientSettings.LEASE, "1500");
        Session session = vaccel.openSession()) {
      session.noop();
      await(renewed);
      assertThat(agent.manners().count("OpenSession")).isEqualTo(1);
    }
  }

  @Test
  void closedSession_endsAtTheAgent_andUnloadedModelsDoToo() {
    // The usual two seconds are little on a machine that does much else.
    try (Vaccel vaccel = Guests.at(agent.endpoint(), ClientSettings.FAREWELL, "60000")) {
      try (Session session = vaccel.openSession()) {
        session.load(Guests.model(10, 2), CallOptions.defaults()).close();
      }
    }
    // The plugin waits at its end until what it has still to say is said.
    assertThat(agent.sessions().all()).isEmpty();
    assertThat(agent.sessions().endedCount()).isEqualTo(1);
    assertThat(agent.manners().count("UnloadModel")).isEqualTo(1);
    assertThat(agent.manners().count("UnregisterResource")).isEqualTo(1);
  }
}
