package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelFuture;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What every transport promises, whatever moves the bytes. A transport's test extends this and says
 * in {@link #open} how to get at it.
 */
abstract class TransportContract extends BadClientContract {
  private static final int CHUNK_BYTES = 256 * 1024;
  private static final int CONNECTS_AT_ONCE = 500;

  @Test
  void unary_answers() throws Exception {
    start();
    assertThat(echo(channel(), HELLO)).isEqualTo(HELLO);
  }

  @Test
  void unary_ofOneMebibyte_arrivesUnchanged() throws Exception {
    start();
    byte[] message = new byte[1 << 20];
    for (int i = 0; i < message.length; i++) {
      message[i] = (byte) (i * 31 + (i >> 8));
    }
    assertThat(echo(channel(), message)).isEqualTo(message);
  }

  @Test
  void clientStream_answersAfterHalfClose() throws Exception {
    start();
    BlockingClientCall<byte[], byte[]> call =
        ClientCalls.blockingClientStreamingCall(channel(), TestService.COUNT, options());
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int sent = 0; sent < bulkBytes(); sent += CHUNK_BYTES) {
      assertThat(call.write(chunk)).isTrue();
    }
    call.halfClose();
    assertThat(ByteBuffer.wrap(call.read()).getLong()).isEqualTo(bulkBytes());
    assertThat(call.read()).as("end of stream").isNull();
  }

  @Test
  void serverStream_arrivesWhole() throws Exception {
    start();
    int chunks = bulkBytes() / CHUNK_BYTES;
    byte[] request = ByteBuffer.allocate(8).putInt(chunks).putInt(CHUNK_BYTES).array();
    Iterator<byte[]> answers =
        ClientCalls.blockingServerStreamingCall(
            channel(), TestService.GENERATE, bulkOptions(), request);
    int received = 0;
    for (; answers.hasNext(); received++) {
      assertThat(answers.next()).hasSize(CHUNK_BYTES);
    }
    assertThat(received).isEqualTo(chunks);
  }

  @Test
  void bidiStream_goesBothWaysAtOnce() throws Exception {
    start();
    BlockingClientCall<byte[], byte[]> call =
        ClientCalls.blockingBidiStreamingCall(channel(), TestService.CHAT, bulkOptions());
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int sent = 0; sent < bulkBytes(); sent += CHUNK_BYTES) {
      chunk[0]++;
      assertThat(call.write(chunk)).isTrue();
      assertThat(call.read()).hasSize(CHUNK_BYTES).startsWith(chunk[0]);
    }
    call.halfClose();
    assertThat(call.read()).as("end of stream").isNull();
  }

  @Test
  void cancellation_reachesTheServer() throws Exception {
    ServersUnderTest.Started server = start();
    var call = ClientCalls.futureUnaryCall(channel().newCall(TestService.NEVER, options()), HELLO);
    assertThat(server.neverWasReached()).isTrue();
    call.cancel(true);
    assertThat(server.neverWasCancelled()).isTrue();
  }

  @Test
  void deadline_endsTheCallOnBothSides() throws Exception {
    ServersUnderTest.Started server = start();
    ManagedChannel channel = channel();
    echo(channel, HELLO); // Connected, so that the deadline falls into the call.
    CallOptions soon =
        CallOptions.DEFAULT.withDeadlineAfter(soon().toMillis(), TimeUnit.MILLISECONDS);
    Status status =
        failure(() -> ClientCalls.blockingUnaryCall(channel, TestService.NEVER, soon, HELLO));
    assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    assertThat(server.neverWasCancelled()).isTrue();
  }

  @Test
  void serverGone_endsTheCallAsUnavailable() throws Exception {
    ServersUnderTest.Started server = start();
    Endpoint endpoint = socket();
    CompletableFuture<Status> outcome = new CompletableFuture<>();
    ManagedChannel channel = channel();
    ExecutorService caller = Executors.newSingleThreadExecutor();
    try {
      caller.execute(
          () ->
              outcome.complete(
                  failure(
                      () ->
                          ClientCalls.blockingUnaryCall(
                              channel, TestService.NEVER, options(), HELLO))));
      assertThat(server.neverWasReached()).isTrue();
      transport.servers().crash();
      Status status = outcome.get(patience().toSeconds(), TimeUnit.SECONDS);
      assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(status.getDescription()).startsWith("connection to " + endpoint + " lost: ");
    } finally {
      caller.shutdownNow();
    }
  }

  @Test
  void nobodyListens_isUnavailableAndNamesTheEndpoint() throws Exception {
    start().stop();
    Endpoint endpoint = socket();
    Status status = failure(() -> echo(channel(), HELLO));
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(status.getDescription())
        .startsWith("cannot connect to " + endpoint + ": ")
        .doesNotContain("\n");
  }

  @Test
  void restartedServer_isReachedAgainByTheSameChannel() throws Exception {
    ServersUnderTest.Started first = start();
    ManagedChannel channel = channel();
    echo(channel, HELLO);
    first.stop();
    start();
    await("the same channel answers again", () -> answers(channel));
  }

  @Test
  void serverStartedLate_isReachedByAwaitReady() throws Exception {
    start().stop();
    socket();
    ManagedChannel channel = channel();
    failure(() -> echo(channel, HELLO));
    assertThat(Channels.awaitReady(channel, Duration.ofMillis(200), Duration.ofMillis(50)))
        .isFalse();
    start();
    assertThat(Channels.awaitReady(channel, patience(), Duration.ofMillis(50))).isTrue();
  }

  @Test
  void secondServerInTheSamePlace_isRefused() throws Exception {
    start();
    socket();
    Exception failure = catchThrowableOfType(Exception.class, () -> start());
    assertThat(failure).isNotNull().rootCause().hasMessageMatching("(?i).*address.*in use.*");
    assertThat(echo(channel(), HELLO)).as("the first one still answers").isEqualTo(HELLO);
  }

  @Test
  void peer_isWhoTheKernelSays() throws Exception {
    start();
    byte[] answer = ClientCalls.blockingUnaryCall(channel(), TestService.WHO, options(), HELLO);
    String[] parts = new String(answer, StandardCharsets.UTF_8).split("\\|", 2);
    assertThat(transport.isExpected(parts[0], parts[1]))
        .as("owner %s, text %s", parts[0], parts[1])
        .isTrue();
  }

  @Test
  void manyConnectsAtOnce_areAllAccepted_andStay() throws Exception {
    // Those that say nothing must stay for as long as the last one may take.
    start(ServerLimits.builder().handshakeTimeout(patience().multipliedBy(10)).build());
    Endpoint endpoint = socket();
    List<ChannelFuture> connects = new ArrayList<>();
    for (int i = 0; i < CONNECTS_AT_ONCE; i++) {
      connects.add(RawClient.begin(endpoint, transport.settings()));
    }
    for (ChannelFuture connect : connects) {
      assertThat(connect.await(patience().toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(connect.cause()).isNull();
    }
    assertThat(echo(channel(), HELLO)).as("behind all the others").isEqualTo(HELLO);
    assertThat(connects)
        .as("none of them was closed")
        .allSatisfy(connect -> assertThat(connect.channel().isActive()).isTrue());
    for (ChannelFuture connect : connects) {
      connect.channel().close().await();
    }
  }

  @Test
  void connectingAndClosing_leaksNoDescriptor() throws Exception {
    start();
    Endpoint endpoint = socket();
    assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "needs /proc to count descriptors");
    RawClient.connect(endpoint, transport.settings()).close();
    echo(channel(), HELLO);
    int before = descriptors();
    for (int i = 0; i < cycles(); i++) {
      RawClient.begin(endpoint, transport.settings()).sync().channel().close().sync();
      if (i % 20 == 0) {
        // A call behind the others waits until they are accepted: nothing here slows a client down.
        ManagedChannel channel = transport.channel();
        echo(channel, HELLO);
        channel.shutdownNow();
        assertThat(channel.awaitTermination(patience().toSeconds(), TimeUnit.SECONDS)).isTrue();
      }
    }
    await("the descriptors are back to " + before, () -> descriptors() <= before);
  }

  private int descriptors() {
    return Descriptors.open() + transport.servers().descriptors();
  }
}
