package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.CallOptions;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.TinyModels;
import io.vaccel.transport.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent's program gets SIGTERM while it works for a guest: what runs is finished, what comes is
 * refused.
 *
 * <p>The work is a model that counts. How long it takes is set in the agent's processor time, by
 * which the test also knows that it is under way, so that a busy machine changes nothing.
 */
final class GracefulStopIT {
  private static final Duration LONG = Duration.ofSeconds(8);
  private static final Duration UNDER_WAY = Duration.ofSeconds(1);
  private static final CallOptions PATIENT = CallOptions.within(Duration.ofSeconds(200));

  @TempDir private Path directory;

  @Test
  void sigterm_letsTheRunningCallFinish_andRefusesNewOnes() throws Exception {
    String endpoint = "unix:" + directory.resolve("a.sock");
    try (RunningAgent agent = RunningAgent.start(directory, endpoint, "--drain-seconds", "180");
        Vaccel guest = guest(endpoint);
        Session session = guest.openSession();
        Model model = session.load(TinyModels.spec(TinyModels.counting()), PATIENT)) {
      int times = timesThatTake(LONG, agent, session, model);

      Duration before = agent.processorTime();
      CompletableFuture<ModelRun.Outputs> running =
          session
              .async()
              .submit(
                  Operations.MODEL_RUN,
                  new ModelRun(model, TinyModels.steps(times), List.of()),
                  PATIENT);
      agent.await("works on it", () -> workedSince(before, agent, UNDER_WAY));
      agent.terminate();
      agent.await("says that it stops", () -> agent.log().contains("stopping signal"));

      assertRefused(session, endpoint);
      try (Vaccel other = guest(endpoint);
          Session late = other.openSession()) {
        assertRefused(late, endpoint);
      }
      Programs.Finished program =
          Programs.run(
              directory,
              Map.of("VACCEL_PLUGINS", "vsock"),
              Programs.GUEST,
              "classify",
              "--agent",
              endpoint,
              "--model",
              Programs.MODEL,
              Programs.PHOTOS.resolve("coffee.jpg"));
      assertThat(program.status()).isEqualTo(1);
      assertThat(program.errorLines()).singleElement().asString().contains(endpoint, "is stopping");
      assertThat(running).as("the call is still running").isNotDone();

      assertThat(running.get(200, TimeUnit.SECONDS).tensors().get(0).floats())
          .containsExactly(times);
      assertThat(agent.awaitEnd()).as(agent.log()).isZero();
      assertThat(agent.log()).endsWith("stopped\n").doesNotContain("the drain is over");
      assertThat(directory.resolve("a.sock")).doesNotExist();
    }
  }

  private static void assertRefused(Session session, String endpoint) {
    VaccelException refusal = catchThrowableOfType(VaccelException.class, session::noop);
    assertThat(refusal.reason()).as(refusal.getMessage()).isEqualTo(Reason.AGENT_STOPPING);
    assertThat(refusal.getMessage()).contains("noop at " + endpoint).doesNotContain("\n");
  }

  private static int timesThatTake(
      Duration wanted, RunningAgent agent, Session session, Model model) {
    // The first run is a slow one.
    session.run(model, TinyModels.steps(1000));
    int probe = 1 << 18;
    Duration before = agent.processorTime();
    session.run(model, TinyModels.steps(probe));
    Duration taken = agent.processorTime().minus(before).plusMillis(1);
    // A float counts to 2^24 without a gap.
    return (int) Math.min(1 << 24, probe * (double) wanted.toNanos() / taken.toNanos());
  }

  private static boolean workedSince(Duration before, RunningAgent agent, Duration atLeast) {
    return agent.processorTime().minus(before).compareTo(atLeast) >= 0;
  }

  private static Vaccel guest(String endpoint) {
    return RemoteContract.at(Endpoint.parse(endpoint));
  }
}
