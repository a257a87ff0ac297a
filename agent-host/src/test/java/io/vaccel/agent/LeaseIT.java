package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.vaccel.Reason;
import io.vaccel.v1.OpenSessionRequest;
import io.vaccel.v1.OpenSessionResponse;
import io.vaccel.v1.RenewSessionRequest;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseIT {
  @TempDir Path directory;

  @Test
  void idleSession_endsWithItsLeaseAndFreesAll() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      guest.loadModel(session, new byte[1_000]);
      guest.writeBuffer(session, new byte[3_000_000]);
      settle(running);

      running.clock.advance(java.time.Duration.ofSeconds(61));
      running.agent.reap();

      Eventually.isTrue(
          "everything is freed",
          () ->
              running.agent.load().sessions() == 0
                  && running.agent.load().bufferBytes() == 0
                  && running.plugin.models.get() == 0
                  && running.plugin.sessions.get() == 0);
      assertThat(running.agent.load().peers()).isZero();
      assertThat(TestClient.error(() -> guest.noop(session)).reason())
          .isEqualTo(Reason.SESSION_NOT_FOUND);
    }
  }

  @Test
  void everyCall_extendsTheLease() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      for (int i = 0; i < 5; i++) {
        running.clock.advance(java.time.Duration.ofSeconds(40));
        running.agent.reap();
        guest.noop(session);
        settle(running);
      }
      running.clock.advance(java.time.Duration.ofSeconds(40));
      var unused =
          guest
              .sessions()
              .renewSession(RenewSessionRequest.newBuilder().setSessionId(session).build());
      settle(running);
      running.clock.advance(java.time.Duration.ofSeconds(59));
      running.agent.reap();
      guest.noop(session);
    }
  }

  @Test
  void runningCall_keepsItsSession() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      CountDownLatch started = new CountDownLatch(1);
      CountDownLatch finish = new CountDownLatch(1);
      running.plugin.noop =
          call -> {
            started.countDown();
            await(finish);
          };
      TestClient guest = running.client();
      String session = guest.openSession();
      CompletableFuture<Void> call = CompletableFuture.runAsync(() -> guest.noop(session));
      await(started);

      running.clock.advance(java.time.Duration.ofHours(2));
      running.agent.reap();
      finish.countDown();

      call.join();
      assertThat(running.agent.load().sessions()).isEqualTo(1);
    }
  }

  @Test
  void askedLease_isGrantedUpToTheLimit() throws Exception {
    try (RunningAgent running =
        RunningAgent.start(directory, Quota.defaults().with(Limit.LEASE_MAX, 120_000))) {
      TestClient guest = running.client();
      assertThat(open(guest, 90).getLease().getSeconds()).isEqualTo(90);
      assertThat(open(guest, 100_000).getLease().getSeconds()).isEqualTo(120);
      assertThat(TestClient.error(() -> open(guest, -1)).reason())
          .isEqualTo(Reason.ARGUMENT_INVALID);
      assertThat(TestClient.error(() -> open(guest, 0)).reason())
          .isEqualTo(Reason.ARGUMENT_INVALID);
    }
  }

  private static OpenSessionResponse open(TestClient guest, long seconds) {
    return guest
        .sessions()
        .openSession(
            OpenSessionRequest.newBuilder()
                .setLease(Duration.newBuilder().setSeconds(seconds))
                .build());
  }

  /** An answer is sent a moment before its call has let go of the session. */
  private static void settle(RunningAgent running) {
    Eventually.isTrue("no call is under way", () -> running.agent.load().calls() == 0);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
