package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.RetryInfo;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.CloseSessionRequest;
import io.vaccel.v1.Payload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuotaIT {
  @TempDir Path directory;
  private RunningAgent running;

  @AfterEach
  void close() {
    running.close();
  }

  @Test
  void sessionsOfAPeer_areLimited_othersNotAffected() throws Exception {
    TestClient guest = start(Limit.SESSIONS_PER_PEER, 2);
    guest.openSession();
    String second = guest.openSession();
    assertOver(guest::openSession, "sessions-per-peer");
    running.stranger().openSession();

    close(guest, second);
    guest.openSession();
    assertThat(running.agent.load().sessions()).isEqualTo(3);
  }

  @Test
  void sessionsInAll_areLimited() throws Exception {
    TestClient guest = start(Limit.SESSIONS, 1);
    String session = guest.openSession();
    assertOver(running.stranger()::openSession, "sessions");
    close(guest, session);
    running.stranger().openSession();
  }

  @Test
  void peersWithoutSessions_leaveNothingBehind() throws Exception {
    TestClient guest = start(Limit.SESSIONS_PER_PEER, 2);
    close(guest, guest.openSession());
    Eventually.isTrue("no peer is known", () -> running.agent.load().peers() == 0);
  }

  @Test
  void resources_areLimited() throws Exception {
    TestClient guest = start(Limit.RESOURCES_PER_SESSION, 1);
    String session = guest.openSession();
    String digest = guest.upload(session, new byte[10]);
    guest.register(session, "a", digest, 10);
    assertOver(() -> guest.register(session, "b", digest, 10), "resources-per-session");
    assertThat(running.agent.load().storeBytes()).isEqualTo(10);
  }

  @Test
  void models_areLimited() throws Exception {
    TestClient guest = start(Limit.MODELS_PER_SESSION, 1);
    String session = guest.openSession();
    String resource = guest.register(session, "a", guest.upload(session, new byte[10]), 10);
    guest.load(session, resource);
    assertOver(() -> guest.load(session, resource), "models-per-session");
    assertThat(running.plugin.models).hasValue(1);
  }

  @Test
  void sizeOfModels_isLimited() throws Exception {
    TestClient guest = start(Limit.MODEL_BYTES_PER_SESSION, 15);
    String session = guest.openSession();
    String resource = guest.register(session, "a", guest.upload(session, new byte[10]), 10);
    guest.load(session, resource);
    assertOver(() -> guest.load(session, resource), "model-bytes-per-session");
  }

  @Test
  void filesOfAllSessions_areLimited() throws Exception {
    TestClient guest = start(Limit.FILES, 1);
    String one = guest.openSession();
    String two = guest.openSession();
    String digest = guest.upload(one, new byte[10]);
    guest.register(one, "a", digest, 10);
    assertOver(() -> guest.register(two, "a", digest, 10), "files");
    close(guest, one);
    guest.register(two, "a", digest, 10);
  }

  @Test
  void failedLoad_countsNothing() throws Exception {
    TestClient guest = start(Limit.MODELS_PER_SESSION, 1);
    String session = guest.openSession();
    String resource = guest.register(session, "a", guest.upload(session, new byte[10]), 10);
    running.plugin.load =
        spec -> {
          throw new VaccelException(Reason.MODEL_UNREADABLE, "no model");
        };
    for (int i = 0; i < 3; i++) {
      assertThat(TestClient.error(() -> guest.load(session, resource)).reason())
          .isEqualTo(Reason.MODEL_UNREADABLE);
    }
    running.plugin.load = spec -> {};
    guest.load(session, resource);
  }

  @Test
  void bufferMemory_isLimitedAndGivenBack() throws Exception {
    TestClient guest = start(Limit.BUFFER_BYTES_PER_SESSION, 2 << 20);
    String session = guest.openSession();
    String buffer = guest.writeBuffer(session, new byte[2 << 20]);
    assertOver(() -> guest.writeBuffer(session, new byte[1]), "buffer-bytes-per-session");
    assertOver(() -> guest.writeBuffer(session, new byte[0], 3 << 20), "buffer-bytes-per-session");

    guest.readBuffer(session, buffer);

    Eventually.isTrue("it is given back", () -> running.agent.load().bufferBytes() == 0);
    guest.writeBuffer(session, new byte[2 << 20]);
  }

  @Test
  void resultOverTheBufferQuota_isRefusedAndFreed() throws Exception {
    TestClient guest = start(Limit.BUFFER_BYTES_PER_SESSION, 3 << 20);
    String session = guest.openSession();
    String model = guest.loadModel(session, new byte[10]);
    String buffer = guest.writeBuffer(session, new byte[2 << 20]);

    assertOver(
        () -> guest.run(session, model, guest.buffer(buffer), 2 << 20), "buffer-bytes-per-session");

    Eventually.isTrue("both are given back", () -> running.agent.load().bufferBytes() == 0);
  }

  @Test
  void usedBuffer_isConsumed() throws Exception {
    TestClient guest = start(Limit.BUFFERS_PER_SESSION, 4);
    String session = guest.openSession();
    String model = guest.loadModel(session, new byte[10]);
    for (int i = 0; i < 10; i++) {
      String buffer = guest.writeBuffer(session, new byte[100]);
      Payload result = guest.run(session, model, guest.buffer(buffer), 100).getOutputs(0).getData();
      assertThat(result.getInline().size()).isEqualTo(100);
      assertThat(TestClient.error(() -> guest.readBuffer(session, buffer)).reason())
          .isEqualTo(Reason.BUFFER_NOT_FOUND);
    }
  }

  @Test
  void content_isLimited() throws Exception {
    TestClient guest = start(Limit.CONTENT_BYTES, 1_000);
    String session = guest.openSession();
    assertOver(() -> guest.upload(session, new byte[1_001]), "content-bytes");
    guest.upload(session, new byte[1_000]);
  }

  @Test
  void chunk_isLimited() throws Exception {
    TestClient guest = start(Limit.CHUNK_BYTES, 1_000);
    String session = guest.openSession();
    assertThat(TestClient.error(() -> guest.upload(session, new byte[1_001])).reason())
        .isEqualTo(Reason.MESSAGE_TOO_LARGE);
    assertThat(TestClient.error(() -> guest.writeBuffer(session, new byte[1_001])).reason())
        .isEqualTo(Reason.MESSAGE_TOO_LARGE);
    Eventually.isTrue("nothing is kept", () -> running.agent.load().bufferBytes() == 0);
  }

  @Test
  void message_isLimited() throws Exception {
    TestClient guest = start(Limit.MESSAGE_BYTES, 100_000);
    String session = guest.openSession();
    String model = guest.loadModel(session, new byte[10]);
    VaccelException error =
        TestClient.error(() -> guest.run(session, model, guest.inline(new byte[200_000]), 200_000));
    assertThat(error.code()).isEqualTo(io.vaccel.ErrorCode.RESOURCE_EXHAUSTED);
    guest.noop(session);
  }

  @Test
  void callsOfAPeer_areLimited_othersNotAffected() throws Exception {
    TestClient guest = start(Limit.CALLS_PER_PEER, 2);
    String session = guest.openSession();
    Blocked blocked = block(guest, session, 2);
    assertOver(() -> guest.noop(session), "calls-per-peer");
    running.plugin.noop = call -> {};
    TestClient stranger = running.stranger();
    stranger.noop(stranger.openSession());

    blocked.finish();
    guest.noop(session);
  }

  @Test
  void overload_isRefusedWithTheTimeToRetry() throws Exception {
    running =
        RunningAgent.start(
            directory, Quota.defaults().with(Limit.RUNNING_CALLS, 2).with(Limit.WAITING_CALLS, 1));
    TestClient guest = running.client();
    String session = guest.openSession();
    Blocked blocked = block(guest, session, 2);
    CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> guest.noop(session));
    Eventually.isTrue("one call waits", () -> running.agent.load().calls() == 3);

    StatusRuntimeException status =
        Assertions.catchThrowableOfType(StatusRuntimeException.class, () -> guest.noop(session));

    assertThat(TestClient.error(() -> guest.noop(session)).reason())
        .isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(StatusProto.fromThrowable(status).getDetailsList())
        .anyMatch(detail -> detail.is(RetryInfo.class));
    blocked.finish();
    waiting.join();
  }

  private TestClient start(Limit limit, long value) throws IOException {
    running = RunningAgent.start(directory, Quota.defaults().with(limit, value));
    return running.client();
  }

  private record Blocked(CountDownLatch release, List<CompletableFuture<Void>> calls) {
    void finish() {
      release.countDown();
      calls.forEach(CompletableFuture::join);
    }
  }

  private Blocked block(TestClient guest, String session, int count) throws InterruptedException {
    CountDownLatch started = new CountDownLatch(count);
    CountDownLatch release = new CountDownLatch(1);
    running.plugin.noop =
        call -> {
          started.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    List<CompletableFuture<Void>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      calls.add(
          CompletableFuture.runAsync(() -> guest.noop(session), task -> new Thread(task).start()));
    }
    started.await();
    return new Blocked(release, calls);
  }

  private static void close(TestClient guest, String session) {
    var unused =
        guest
            .sessions()
            .closeSession(CloseSessionRequest.newBuilder().setSessionId(session).build());
  }

  private static void assertOver(ThrowingCallable call, String limit) {
    VaccelException error = TestClient.error(call);
    assertThat(error.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(error.details()).containsEntry("quota", limit).containsKeys("limit", "amount");
    assertThat(error.text()).contains(limit);
  }
}
