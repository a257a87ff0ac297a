package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.vaccel.Reason;
import io.vaccel.spi.Call;
import io.vaccel.v1.ModelServiceGrpc;
import io.vaccel.v1.RunModelRequest;
import io.vaccel.v1.RunModelResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DrainIT {
  @TempDir Path directory;

  @Test
  void drain_letsRunningCallsFinishAndRefusesNewOnes() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      assertThat(health(guest)).isEqualTo(ServingStatus.SERVING);
      HeldNoop call = HeldNoop.called(running, guest);

      CompletableFuture<Boolean> drained = HeldNoop.drain(running.agent, Duration.ofSeconds(20));
      Eventually.isTrue("it says so", () -> health(guest) == ServingStatus.NOT_SERVING);
      assertThat(TestClient.error(guest::openSession).reason()).isEqualTo(Reason.AGENT_STOPPING);

      assertThat(call.release()).succeedsWithin(Duration.ofSeconds(20));
      assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void drain_waitsUntilALargeResultIsFetched() throws Exception {
    byte[] content = new byte[64];
    Quota quota = Quota.defaults().with(Limit.INLINE_BYTES, 16);
    try (RunningAgent running = RunningAgent.start(directory, quota)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      String model = guest.loadModel(session, new byte[10]);
      String result =
          guest
              .run(session, model, guest.inline(content), content.length)
              .getOutputs(0)
              .getData()
              .getBufferId();

      CompletableFuture<Boolean> drained = HeldNoop.drain(running.agent, Duration.ofSeconds(60));
      Eventually.isTrue("it says so", () -> health(guest) == ServingStatus.NOT_SERVING);
      assertThat(TestClient.error(() -> guest.noop(session)).reason())
          .isEqualTo(Reason.AGENT_STOPPING);
      assertThat(drained).isNotDone();

      assertThat(guest.readBuffer(session, result)).isEqualTo(content);
      assertThat(drained.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void drain_endsWithItsTime_andCloseCancelsWhatStillRuns() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      CountDownLatch started = new CountDownLatch(1);
      running.plugin.noop =
          call -> {
            CountDownLatch stopped = new CountDownLatch(1);
            stopAt(call, stopped);
            started.countDown();
            HeldNoop.await(stopped);
          };
      TestClient guest = running.client();
      String session = guest.openSession();
      CompletableFuture<Reason> call =
          CompletableFuture.supplyAsync(() -> TestClient.error(() -> guest.noop(session)).reason());
      HeldNoop.await(started);

      assertThat(running.agent.drain(Duration.ofMillis(50))).isFalse();
      running.agent.close();

      assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(Reason.AGENT_STOPPING);
      assertThat(running.agent.load().sessions()).isZero();
      assertThat(running.agent.load().calls()).isZero();
      assertThat(directory.resolve("a.sock")).doesNotExist();
    }
  }

  /** The answer is larger than what HTTP/2 lets out before the client reads. */
  @Test
  void answerOnItsWay_arrives_whenTheAgentCloses() throws Exception {
    Quota quota = Quota.defaults().with(Limit.INLINE_BYTES, 3 << 20);
    try (RunningAgent running = RunningAgent.start(directory, quota)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      CountDownLatch started = new CountDownLatch(1);
      running.plugin.run = started::countDown;
      String model = guest.loadModel(session, new byte[10]);
      byte[] large = new byte[3 << 20];
      RunModelRequest request =
          guest.runRequest(session, model, guest.inline(large), large.length).build();
      UnreadCall<RunModelRequest, RunModelResponse> call =
          UnreadCall.start(guest.channel, ModelServiceGrpc.getRunModelMethod(), request);
      HeldNoop.await(started);
      Eventually.isTrue("it is answered", () -> running.agent.load().calls() == 0);

      call.read();
      running.agent.close();

      assertThat(call.answer().get(20, TimeUnit.SECONDS).getOutputs(0).getData().getInline())
          .hasSize(large.length);
    }
  }

  @Test
  void closedAgent_leavesItsEndpointsToTheNext() throws Exception {
    RunningAgent.start(directory).close();
    assertThat(Files.exists(directory.resolve("a.sock"))).isFalse();
    try (RunningAgent running = RunningAgent.start(directory)) {
      running.client().openSession();
    }
  }

  private static ServingStatus health(TestClient client) {
    return HealthGrpc.newBlockingStub(client.channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .check(HealthCheckRequest.getDefaultInstance())
        .getStatus();
  }

  private static void stopAt(Call call, CountDownLatch stopped) {
    var unused = call.onStop(stopped::countDown);
  }
}
