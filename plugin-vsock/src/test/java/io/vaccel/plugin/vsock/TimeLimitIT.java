package io.vaccel.plugin.vsock;

import static io.vaccel.plugin.vsock.Guests.await;
import static io.vaccel.plugin.vsock.Guests.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Noop;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.plugin.vsock.FakeManners.Stalled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that takes too long counts as one that does not answer, if the guest wants it so. */
final class TimeLimitIT {
  private static final String LIMIT_MILLIS = "4000";

  @TempDir private Path directory;
  private FakeAgent agent;
  private Vaccel vaccel;
  private Session session;

  @BeforeEach
  void start() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
    vaccel =
        Guests.at(
            agent.endpoint(),
            ClientSettings.TIME_LIMIT,
            LIMIT_MILLIS,
            // No probe may close the breaker before it is looked at.
            ClientSettings.PROBE_INTERVAL,
            "60000");
    session = vaccel.openSession();
    session.noop();
  }

  @AfterEach
  void stop() {
    vaccel.close();
    agent.close();
  }

  @Test
  void slowCall_isGivenUp_atTheAgentToo_andOpensTheBreaker() {
    Stalled noop = agent.manners().stall("Noop");
    assertIsAway(failureOf(session::noop));
    await(noop.ended());
    assertThat(failureOf(session::noop)).hasMessageContaining("has not answered since");
  }

  @Test
  void slowAsynchronousCall_isGivenUpToo() {
    agent.manners().stall("Noop");
    CompletableFuture<Noop.Done> call = session.async().noop();
    assertIsAway(failureOf(call));
    assertThat(agent.manners().count("Noop")).isEqualTo(2);
  }

  @Test
  void shorterDeadline_isADeadline() {
    agent.manners().stall("Noop");
    VaccelException failure =
        failureOf(
            () ->
                session.call(
                    Operations.NOOP, new Noop(), CallOptions.within(Duration.ofMillis(200))));
    assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
  }

  private static void assertIsAway(VaccelException failure) {
    assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
    assertThat(failure).hasMessageContaining("no answer within the time limit of 4000 ms");
  }
}
