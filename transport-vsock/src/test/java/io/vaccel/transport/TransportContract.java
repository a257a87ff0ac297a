package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every transport promises, whatever moves the bytes. A transport's test extends this and says
 * in {@link #open} how to get at it. Everything that is waited for has a deadline.
 */
@Timeout(120)
abstract class TransportContract {
  private static final int CHUNK_BYTES = 256 * 1024;
  private static final int CONNECTS_AT_ONCE = 500;
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  // gRPC logs each connection and call that goes wrong with its stack; here all of them are meant
  // to.
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  static {
    GRPC.setLevel(Level.OFF);
  }

  private final List<ManagedChannel> channels = new ArrayList<>();
  private TransportUnderTest transport;

  /**
   * The transport to test, with files in {@code folder}; an assumption that fails says what would
   * make it run.
   */
  abstract TransportUnderTest open(Path folder) throws Exception;

  /** How many bytes the streaming tests move each way; less where the machine is emulated. */
  int bulkBytes() {
    return 64 << 20;
  }

  /** How often the tests that connect again and again do so; less where the machine is emulated. */
  int cycles() {
    return 10_000;
  }

  /** How many times longer everything may take; more where the machine is emulated. */
  int slowness() {
    return 1;
  }

  @BeforeEach
  void openTransport(@TempDir Path folder) throws Exception {
    transport = open(folder);
  }

  @AfterEach
  void closeTransport() {
    for (ManagedChannel channel : channels) {
      channel.shutdownNow();
    }
    if (transport != null) {
      transport.close();
    }
  }

  private ServersUnderTest.Started start() throws Exception {
    Duration handshake = ServerLimits.defaults().handshakeTimeout();
    return start(
        ServerLimits.builder().handshakeTimeout(handshake.multipliedBy(slowness())).build());
  }

  private ServersUnderTest.Started start(ServerLimits limits) throws Exception {
    return transport.servers().start(limits);
  }

  private ManagedChannel channel() {
    ManagedChannel channel = transport.channel();
    channels.add(channel);
    return channel;
  }

  /** What is sure to come has come after this. */
  private Duration patience() {
    return Duration.ofSeconds(20).multipliedBy(slowness());
  }

  /** A limit that a test has the server enforce, and that what is polite keeps to. */
  private Duration soon() {
    return Duration.ofMillis(400).multipliedBy(slowness());
  }

  private CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(patience().toSeconds(), TimeUnit.SECONDS);
  }

  private byte[] echo(ManagedChannel channel, byte[] message) {
    return ClientCalls.blockingUnaryCall(channel, TestService.ECHO, options(), message);
  }

  private static Status failure(Runnable call) {
    StatusRuntimeException failure = catchThrowableOfType(StatusRuntimeException.class, call::run);
    assertThat(failure).as("the call must fail").isNotNull();
    return failure.getStatus();
  }

  private Endpoint socket() {
    assumeTrue(transport.endpoint().isPresent(), "needs a socket; this transport has none");
    return transport.endpoint().get();
  }

  private void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience().toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as("waiting until " + what).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
  }

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
            channel(), TestService.GENERATE, options(), request);
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
        ClientCalls.blockingBidiStreamingCall(channel(), TestService.CHAT, options());
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
  void messageOverTheLimit_isResourceExhausted() throws Exception {
    start(ServerLimits.builder().maxInboundMessageBytes(1_000).build());
    socket();
    ManagedChannel channel = channel();
    assertThat(echo(channel, new byte[1_000])).hasSize(1_000);
    assertThat(failure(() -> echo(channel, new byte[1_001])).getCode())
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(echo(channel, HELLO)).as("the connection survives").isEqualTo(HELLO);
  }

  @Test
  void compressedMessage_isRefused() throws Exception {
    socket();
    start();
    ManagedChannel channel = channel();
    Status status =
        failure(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel, TestService.ECHO, options().withCompression("gzip"), HELLO));
    assertThat(status.getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
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

  @Test
  void silentPeer_isDroppedWhileOthersAreServed() throws Exception {
    start(ServerLimits.builder().handshakeTimeout(soon()).build());
    Endpoint endpoint = socket();
    ManagedChannel channel = channel();
    echo(channel, HELLO);
    try (RawClient silent = RawClient.connect(endpoint, transport.settings())) {
      assertThat(echo(channel, HELLO)).isEqualTo(HELLO);
      assertThat(silent.isClosedWithin(patience())).isTrue();
    }
    assertThat(echo(channel, HELLO)).as("the polite client stays").isEqualTo(HELLO);
  }

  @Test
  void garbage_isDroppedWhileOthersAreServed() throws Exception {
    start();
    Endpoint endpoint = socket();
    try (RawClient rude = RawClient.connect(endpoint, transport.settings())) {
      rude.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(rude.isClosedWithin(patience())).isTrue();
    }
    assertThat(echo(channel(), HELLO)).isEqualTo(HELLO);
  }

  @Test
  void halfHandshake_isDropped() throws Exception {
    start(ServerLimits.builder().handshakeTimeout(soon()).build());
    Endpoint endpoint = socket();
    try (RawClient slow = RawClient.connect(endpoint, transport.settings())) {
      slow.send(RawClient.PREFACE, new byte[] {0, 0, 6, 4});
      assertThat(slow.isClosedWithin(patience())).isTrue();
    }
  }

  @Test
  void halfFrame_isDropped() throws Exception {
    start(ServerLimits.builder().frameTimeout(soon()).build());
    Endpoint endpoint = socket();
    ManagedChannel channel = channel();
    echo(channel, HELLO);
    try (RawClient slow = RawClient.connect(endpoint, transport.settings())) {
      slow.send(RawClient.PREFACE, RawClient.SETTINGS, new byte[] {0, 1, 0, 0});
      assertThat(slow.isClosedWithin(patience())).isTrue();
    }
    assertThat(echo(channel, HELLO)).as("the polite client stays").isEqualTo(HELLO);
  }

  @Test
  void emptyDataFlood_isDropped() throws Exception {
    start(ServerLimits.builder().maxEmptyFrames(50).build());
    Endpoint endpoint = socket();
    byte[] empty = RawClient.frame(0x0, 0, 1, new byte[0]);
    try (RawClient flood = RawClient.connect(endpoint, transport.settings())) {
      flood.send(RawClient.PREFACE, RawClient.SETTINGS);
      flood.send(RawClient.headers(1, "/io.vaccel.transport.Test/Chat"));
      for (int i = 0; i < 50; i++) {
        flood.send(empty);
      }
      assertThat(flood.isClosedWithin(Duration.ofMillis(300))).as("50 are allowed").isFalse();
      flood.send(empty);
      assertThat(flood.isClosedWithin(patience())).as("the 51st is not").isTrue();
    }
  }

  @Test
  void rapidReset_isDropped() throws Exception {
    byte[] cancel = {0, 0, 0, 8};
    assertDroppedAfterTwentyResets(stream -> RawClient.frame(0x3, 0, stream, cancel));
  }

  @Test
  void provokedResets_areDropped() throws Exception {
    byte[] windowIncrementOfZero = new byte[4];
    assertDroppedAfterTwentyResets(
        stream -> RawClient.frame(0x8, 0, stream, windowIncrementOfZero));
  }

  /** Each frame follows the headers of a new call, and has one of the sides reset it. */
  private void assertDroppedAfterTwentyResets(IntFunction<byte[]> frame) throws Exception {
    start(ServerLimits.builder().maxResetFrames(20).resetWindow(Duration.ofSeconds(60)).build());
    Endpoint endpoint = socket();
    try (RawClient flood = RawClient.connect(endpoint, transport.settings())) {
      flood.send(RawClient.PREFACE, RawClient.SETTINGS);
      for (int stream = 1; stream < 2 * 20; stream += 2) {
        flood.send(
            RawClient.headers(stream, "/io.vaccel.transport.Test/Chat"), frame.apply(stream));
      }
      assertThat(flood.isClosedWithin(Duration.ofMillis(300))).as("20 are allowed").isFalse();
      for (int stream = 2 * 20 + 1; stream < 2 * 30 && flood.isOpen(); stream += 2) {
        flood.send(
            RawClient.headers(stream, "/io.vaccel.transport.Test/Chat"), frame.apply(stream));
      }
      assertThat(flood.isClosedWithin(patience())).as("more are not").isTrue();
    }
  }

  @Test
  void connectionsOverTheLimit_areClosed() throws Exception {
    start(ServerLimits.builder().maxConnectionsPerOwner(2).build());
    Endpoint endpoint = socket();
    try (RawClient first = RawClient.connect(endpoint, transport.settings());
        RawClient second = RawClient.connect(endpoint, transport.settings())) {
      ChannelFuture third = RawClient.begin(endpoint, transport.settings()).await();
      assertThat(third.channel().closeFuture().await(patience().toSeconds(), TimeUnit.SECONDS))
          .isTrue();
      assertThat(first.isOpen() && second.isOpen()).isTrue();
    }
    await("there is room again", () -> answers(channel()));
  }

  private boolean answers(ManagedChannel channel) {
    try {
      return echo(channel, HELLO).length == HELLO.length;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }
}
