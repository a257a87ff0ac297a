package io.vaccel.agent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.vaccel.ArgumentType;
import io.vaccel.GenericCode;
import io.vaccel.Reason;
import io.vaccel.v1.Argument;
import io.vaccel.v1.CallGenericRequest;
import io.vaccel.v1.CallGenericResponse;
import io.vaccel.v1.Payload;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generic calls as a client in another language makes them: resources go by their numbers. */
final class GenericCallIT {
  @TempDir Path directory;

  @Test
  void noop_isDoneByThePlugin() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      CallGenericResponse done = call(guest, guest.openSession(), GenericCode.NOOP);
      assertThat(done.getExecutedOn().getPlugin()).isEqualTo("fake");
      assertThat(done.getWriteCount()).isZero();
    }
  }

  @Test
  void modelsByNumber_countAgainstTheQuota() throws Exception {
    Quota one = Quota.defaults().with(Limit.MODELS_PER_SESSION, 1);
    try (RunningAgent running = RunningAgent.start(directory, one)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      Argument first = model(guest, session, new byte[] {1});
      Argument second = model(guest, session, new byte[] {2});

      call(guest, session, GenericCode.TF_MODEL_LOAD, first);
      call(guest, session, GenericCode.TF_MODEL_LOAD, first);
      assertThat(running.plugin.models).hasValue(1);
      assertThat(
              TestClient.error(() -> call(guest, session, GenericCode.TF_MODEL_LOAD, second))
                  .reason())
          .isEqualTo(Reason.QUOTA_EXCEEDED);
      call(guest, session, GenericCode.TF_MODEL_UNLOAD, first);
      call(guest, session, GenericCode.TF_MODEL_LOAD, second);
      assertThat(running.plugin.models).hasValue(1);
    }
  }

  @Test
  void modelThatCallsNeedAtOnce_countsOnce() throws Exception {
    Quota one = Quota.defaults().with(Limit.MODELS_PER_SESSION, 1);
    try (RunningAgent running = RunningAgent.start(directory, one)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      Argument number = model(guest, session, new byte[] {1});
      CountDownLatch entered = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      running.plugin.load =
          spec -> {
            entered.countDown();
            HeldNoop.await(goOn);
          };
      CompletableFuture<CallGenericResponse> first = load(guest, session, number);
      HeldNoop.await(entered);
      CompletableFuture<CallGenericResponse> second = load(guest, session, number);
      // It waits for the first one: to load the model itself would be over the limit.
      Eventually.isTrue("both are under way", () -> running.agent.load().calls() == 2);
      goOn.countDown();
      assertThat(first.get(60, SECONDS).getExecutedOn().getPlugin()).isEqualTo("fake");
      assertThat(second.get(60, SECONDS).getExecutedOn().getPlugin()).isEqualTo("fake");
      assertThat(running.plugin.models).hasValue(1);
    }
  }

  @Test
  void anothersNumber_isNotFound() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      Argument number = model(guest, guest.openSession(), new byte[] {1});
      TestClient stranger = running.stranger();
      String session = stranger.openSession();
      assertThat(
              TestClient.error(() -> call(stranger, session, GenericCode.TF_MODEL_LOAD, number))
                  .reason())
          .isEqualTo(Reason.RESOURCE_NOT_FOUND);
    }
  }

  private static CompletableFuture<CallGenericResponse> load(
      TestClient guest, String session, Argument number) {
    return CompletableFuture.supplyAsync(
        () -> call(guest, session, GenericCode.TF_MODEL_LOAD, number), HeldNoop.THREADS);
  }

  private static Argument model(TestClient guest, String session, byte[] content) {
    long number =
        guest
            .registered(session, "net.onnx", guest.upload(session, content), content.length)
            .getNumber();
    ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, number);
    return argument(ArgumentType.INT64, value.array());
  }

  private static CallGenericResponse call(
      TestClient guest, String session, GenericCode code, Argument... read) {
    return guest
        .generic()
        .callGeneric(
            CallGenericRequest.newBuilder()
                .setSessionId(session)
                .addRead(argument(ArgumentType.UINT8, (byte) code.number()))
                .addAllRead(List.of(read))
                .build());
  }

  private static Argument argument(ArgumentType type, byte... value) {
    return Argument.newBuilder()
        .setType(type.number())
        .setValue(Payload.newBuilder().setInline(ByteString.copyFrom(value)))
        .build();
  }
}
