package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.vaccel.Cancellation;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.v1.GenericServiceGrpc;
import io.vaccel.v1.NoopRequest;
import io.vaccel.v1.OpenSessionRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultIT {
  @TempDir Path directory;

  @Test
  void crashInAPlugin_isInternalWithoutAnyDetail_andTheAgentGoesOn() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      running.plugin.noop =
          call -> {
            throw new IllegalStateException("secret of " + directory);
          };
      VaccelException crash = TestClient.error(() -> guest.noop(session));
      running.plugin.noop = call -> overflow(0);
      VaccelException overflow = TestClient.error(() -> guest.noop(session));
      running.plugin.noop = call -> {};

      for (VaccelException error : new VaccelException[] {crash, overflow}) {
        assertThat(error.reason()).isEqualTo(Reason.INTERNAL);
        assertThat(error.text())
            .doesNotContain("secret")
            .doesNotContain("Exception")
            .doesNotContain("StackOverflow")
            .doesNotContain(directory.toString());
      }
      guest.noop(session);
      Eventually.isTrue("no call is left", () -> running.agent.load().calls() == 0);
    }
  }

  @Test
  void bytesThatAreNoMessage_areABadArgument() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      MethodDescriptor<byte[], byte[]> raw =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(GenericServiceGrpc.getNoopMethod().getFullMethodName())
              .setRequestMarshaller(new Raw())
              .setResponseMarshaller(new Raw())
              .build();

      VaccelException error =
          TestClient.error(
              () ->
                  ClientCalls.blockingUnaryCall(
                      guest.channel,
                      raw,
                      CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS),
                      new byte[] {-1, -1, -1, -1}));

      assertThat(error.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    }
  }

  @Test
  void unknownMethod_isUnimplemented() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      MethodDescriptor<byte[], byte[]> unknown =
          MethodDescriptor.<byte[], byte[]>newBuilder()
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName("vaccel.v1.GenericService/Nothing")
              .setRequestMarshaller(new Raw())
              .setResponseMarshaller(new Raw())
              .build();
      StatusRuntimeException status =
          Assertions.catchThrowableOfType(
              StatusRuntimeException.class,
              () ->
                  ClientCalls.blockingUnaryCall(
                      running.client().channel, unknown, CallOptions.DEFAULT, new byte[0]));
      assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
    }
  }

  @Test
  void unprintableClientName_isRefused() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      for (String name : new String[] {"a\nINFO forged", "x".repeat(101), "\u0000", "a\"b"}) {
        assertThat(
                TestClient.error(
                        () ->
                            running
                                .client()
                                .sessions()
                                .openSession(
                                    OpenSessionRequest.newBuilder().setClient(name).build()))
                    .reason())
            .isEqualTo(Reason.ARGUMENT_INVALID);
      }
      assertThat(running.agent.load().sessions()).isZero();
    }
  }

  @Test
  void cancelledCall_cancelsTheWork() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      CompletableFuture<Void> started = new CompletableFuture<>();
      CompletableFuture<Boolean> stopped = new CompletableFuture<>();
      running.plugin.noop = call -> awaitStop(call, started, stopped);

      var call =
          GenericServiceGrpc.newFutureStub(guest.channel)
              .noop(NoopRequest.newBuilder().setSessionId(session).build());
      started.get(20, TimeUnit.SECONDS);
      call.cancel(true);

      assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
      Eventually.isTrue("the call is over", () -> running.agent.load().calls() == 0);
    }
  }

  @Test
  void callWithoutDeadline_getsTheAgents() throws Exception {
    try (RunningAgent running =
        RunningAgent.start(directory, Quota.defaults().with(Limit.CALL_TIME, 3_000))) {
      TestClient guest = running.client();
      String session = guest.openSession();
      CompletableFuture<Boolean> stopped = new CompletableFuture<>();
      running.plugin.noop = call -> awaitStop(call, new CompletableFuture<>(), stopped);

      VaccelException error =
          TestClient.error(
              () ->
                  GenericServiceGrpc.newBlockingStub(guest.channel)
                      .noop(NoopRequest.newBuilder().setSessionId(session).build()));

      assertThat(error.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
      assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closedSession_cancelsItsRunningCalls() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      CompletableFuture<Void> started = new CompletableFuture<>();
      CompletableFuture<Boolean> stopped = new CompletableFuture<>();
      running.plugin.noop = call -> awaitStop(call, started, stopped);
      var call =
          GenericServiceGrpc.newFutureStub(guest.channel)
              .noop(NoopRequest.newBuilder().setSessionId(session).build());
      started.get(20, TimeUnit.SECONDS);

      var unused =
          guest
              .sessions()
              .closeSession(
                  io.vaccel.v1.CloseSessionRequest.newBuilder().setSessionId(session).build());

      assertThat(stopped.get(20, TimeUnit.SECONDS)).isTrue();
      Assertions.assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS)).isNotNull();
      Eventually.isTrue("all is freed", () -> running.agent.load().sessions() == 0);
      Eventually.isTrue("the plugin's session too", () -> running.plugin.sessions.get() == 0);
    }
  }

  @Test
  void vanishedClient_frees_itsHalfSentBuffer() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      var requests =
          io.vaccel.v1.BufferServiceGrpc.newStub(guest.channel)
              .writeBuffer(
                  new io.grpc.stub.StreamObserver<>() {
                    @Override
                    public void onNext(io.vaccel.v1.WriteBufferResponse value) {}

                    @Override
                    public void onError(Throwable failure) {}

                    @Override
                    public void onCompleted() {}
                  });
      requests.onNext(
          io.vaccel.v1.WriteBufferRequest.newBuilder()
              .setHeader(
                  io.vaccel.v1.WriteBufferHeader.newBuilder()
                      .setSessionId(session)
                      .setSizeBytes(10 << 20))
              .build());
      requests.onNext(
          io.vaccel.v1.WriteBufferRequest.newBuilder()
              .setChunk(com.google.protobuf.ByteString.copyFrom(new byte[100_000]))
              .build());
      Eventually.isTrue("a part is there", () -> running.agent.load().bufferBytes() > 0);

      guest.close();

      Eventually.isTrue("it is freed", () -> running.agent.load().bufferBytes() == 0);
      assertThat(running.agent.load().sessions())
          .describedAs("the session waits for its lease")
          .isEqualTo(1);
    }
  }

  private static void awaitStop(
      Call call, CompletableFuture<Void> started, CompletableFuture<Boolean> stopped) {
    CompletableFuture<Void> stop = new CompletableFuture<>();
    Cancellation.Registration registration = call.onStop(() -> stop.complete(null));
    try {
      started.complete(null);
      stop.get(20, TimeUnit.SECONDS);
      stopped.complete(true);
    } catch (Exception e) {
      stopped.completeExceptionally(e);
    } finally {
      registration.close();
    }
    call.check();
  }

  private static int overflow(int depth) {
    return depth < 0 ? 0 : 1 + overflow(depth + 1);
  }

  /** Bytes as they are. */
  private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
