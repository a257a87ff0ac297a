package io.vaccel.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.netty.buffer.ByteBuf;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The limits that gRPC keeps for us: that each of {@link ServerLimits} reaches it, seen by a client
 * that keeps to them and by one that does not. {@link TransportContract} has those that are about
 * bytes and sockets.
 */
@Timeout(120)
class ServerLimitsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SOON = Duration.ofMillis(300);
  private static final Duration NEVER = Duration.ofHours(1);
  private static final byte[] HELLO = "hello".getBytes(UTF_8);
  private static final String CHAT = "/io.vaccel.transport.Test/Chat";

  // RFC 9113, section 6.
  private static final int RST_STREAM = 0x3;
  private static final int SETTINGS = 0x4;
  private static final int PING = 0x6;
  private static final int GOAWAY = 0x7;
  private static final int ACK = 0x1;
  private static final int MAX_CONCURRENT_STREAMS = 0x3;
  private static final int INITIAL_WINDOW_SIZE = 0x4;
  private static final int MAX_HEADER_LIST_SIZE = 0x6;
  private static final int REFUSED_STREAM = 0x7;
  private static final int ENHANCE_YOUR_CALM = 0xb;

  // gRPC logs what goes wrong with its stack; here it is meant to.
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  static {
    GRPC.setLevel(Level.OFF);
  }

  @TempDir private Path folder;
  private Server server;
  private ManagedChannel channel;

  @AfterEach
  void stop() throws InterruptedException {
    if (channel != null) {
      channel.shutdownNow();
    }
    server.shutdownNow().awaitTermination();
  }

  private Endpoint start(Endpoint endpoint, ServerLimits.Builder limits) throws Exception {
    server =
        Servers.builder(endpoint, limits.build()).addService(new TestService()).build().start();
    return Servers.endpoints(server).get(0);
  }

  private RawClient raw(ServerLimits.Builder limits) throws Exception {
    Endpoint endpoint = start(new Endpoint.Unix(folder.resolve("s.sock").toString()), limits);
    return RawClient.connect(endpoint, ChannelSettings.defaults())
        .send(RawClient.PREFACE, RawClient.SETTINGS);
  }

  private void open(ServerLimits.Builder limits) throws Exception {
    channel = Channels.open(start(new Endpoint.Tcp("127.0.0.1", 0), limits));
  }

  private static CallOptions within(Duration time) {
    return CallOptions.DEFAULT.withDeadlineAfter(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private byte[] echo(Duration time) {
    return ClientCalls.blockingUnaryCall(channel, TestService.ECHO, within(time), HELLO);
  }

  /** A call that is under way on the connection of this moment. */
  private BlockingClientCall<byte[], byte[]> chat() throws Exception {
    BlockingClientCall<byte[], byte[]> call =
        ClientCalls.blockingBidiStreamingCall(channel, TestService.CHAT, CallOptions.DEFAULT);
    assertAlive(call);
    return call;
  }

  private static void assertAlive(BlockingClientCall<byte[], byte[]> call) throws Exception {
    assertThat(call.write(HELLO)).isTrue();
    assertThat(call.read()).isEqualTo(HELLO);
  }

  @Test
  void limits_areAnnounced() throws Exception {
    ServerLimits.Builder limits =
        ServerLimits.builder()
            .maxCallsPerConnection(7)
            .flowControlWindowBytes(300_000)
            .maxInboundMetadataBytes(5_000);
    try (RawClient client = raw(limits)) {
      ByteBuf payload = client.next(SETTINGS, PATIENCE).payload();
      Map<Integer, Integer> announced = new HashMap<>();
      while (payload.isReadable()) {
        announced.put(payload.readUnsignedShort(), payload.readInt());
      }
      assertThat(announced)
          .containsEntry(MAX_CONCURRENT_STREAMS, 7)
          .containsEntry(INITIAL_WINDOW_SIZE, 300_000)
          .containsEntry(MAX_HEADER_LIST_SIZE, 5_000);
    }
  }

  @Test
  void callOverTheLimit_waitsAtAPoliteClient() throws Exception {
    open(ServerLimits.builder().maxCallsPerConnection(2));
    BlockingClientCall<byte[], byte[]> first = chat();
    BlockingClientCall<byte[], byte[]> second = chat();
    assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> echo(SOON)).getStatus())
        .extracting(Status::getCode)
        .isEqualTo(Status.Code.DEADLINE_EXCEEDED);
    first.halfClose();
    assertThat(first.read()).as("the end of the first").isNull();
    assertThat(echo(PATIENCE)).as("there is room again").isEqualTo(HELLO);
    assertAlive(second);
  }

  @Test
  void callOverTheLimit_isRefusedToARudeClient() throws Exception {
    try (RawClient client = raw(ServerLimits.builder().maxCallsPerConnection(2))) {
      for (int stream : new int[] {1, 3, 5}) {
        client.send(RawClient.headers(stream, CHAT));
      }
      ReceivedFrames.Frame reset = client.next(RST_STREAM, PATIENCE);
      assertThat(reset.stream()).isEqualTo(5);
      assertThat(reset.payload().readInt()).isEqualTo(REFUSED_STREAM);
      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void idleConnection_isClosed() throws Exception {
    try (RawClient client = raw(ServerLimits.builder().maxConnectionIdle(SOON))) {
      assertGoodbye(client, "max_idle");
      assertThat(client.isClosedWithin(PATIENCE)).isTrue();
    }
  }

  @Test
  void oldConnection_isLeftByNewCalls_andItsCallGoesOn() throws Exception {
    open(ServerLimits.builder().maxConnectionAge(SOON).maxConnectionAgeGrace(NEVER));
    BlockingClientCall<byte[], byte[]> call = chat();
    String firstPort = who();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (who().equals(firstPort)) {
      assertThat(System.nanoTime() - deadline).as("waiting for a new connection").isNegative();
    }
    assertAlive(call);
  }

  private String who() {
    return new String(
        ClientCalls.blockingUnaryCall(channel, TestService.WHO, within(PATIENCE), HELLO), UTF_8);
  }

  @Test
  void callOnAnOldConnection_isEndedAfterTheGrace() throws Exception {
    ServerLimits.Builder limits =
        ServerLimits.builder().maxConnectionAge(SOON).maxConnectionAgeGrace(SOON);
    try (RawClient client = raw(limits)) {
      client.send(RawClient.headers(1, CHAT));
      assertGoodbye(client, "max_age");
      assertThat(client.isClosedWithin(PATIENCE)).as("although a call is under way").isTrue();
    }
  }

  /** Answers the ping with which the server makes sure that its goodbye has arrived. */
  private static void assertGoodbye(RawClient client, String reason) throws Exception {
    assertThat(reason(client.next(GOAWAY, PATIENCE))).isEqualTo(reason);
    ByteBuf ping = client.next(PING, PATIENCE).payload();
    byte[] data = new byte[ping.readableBytes()];
    ping.readBytes(data);
    client.send(RawClient.frame(PING, ACK, 0, data));
  }

  /** Behind the last stream and the code. */
  private static String reason(ReceivedFrames.Frame goaway) {
    return goaway.payload().toString(8, goaway.payload().readableBytes() - 8, US_ASCII);
  }

  @Test
  void pingsMoreOftenThanAllowed_endTheConnection() throws Exception {
    try (RawClient client = raw(ServerLimits.builder().permitKeepAliveTime(NEVER))) {
      for (int i = 0; i < 4 && client.isOpen(); i++) {
        client.send(RawClient.frame(PING, 0, 0, new byte[8]));
      }
      ReceivedFrames.Frame goaway = client.next(GOAWAY, PATIENCE);
      assertThat(goaway.payload().getInt(4)).isEqualTo(ENHANCE_YOUR_CALM);
      assertThat(reason(goaway)).isEqualTo("too_many_pings");
      assertThat(client.isClosedWithin(PATIENCE)).isTrue();
    }
  }

  @Test
  void pingsAsOftenAsAllowed_areAnswered_alsoWithoutACall() throws Exception {
    try (RawClient client = raw(ServerLimits.builder().permitKeepAliveTime(Duration.ofNanos(1)))) {
      for (int i = 0; i < 10; i++) {
        client.send(RawClient.frame(PING, 0, 0, new byte[8]));
        assertThat(client.next(PING, PATIENCE).flags()).isEqualTo(ACK);
      }
      assertThat(client.isOpen()).isTrue();
    }
  }

  @Test
  void peerThatAnswersNoPing_isDropped() throws Exception {
    ServerLimits.Builder limits = ServerLimits.builder().keepAliveTime(SOON).keepAliveTimeout(SOON);
    try (RawClient client = raw(limits)) {
      assertThat(client.next(PING, PATIENCE).flags()).isZero();
      // gRPC's own patience would be 20 s.
      assertThat(client.isClosedWithin(Duration.ofSeconds(15))).as("as a crashed VM").isTrue();
    }
  }

  @Test
  void headersUpToTheLimit_pass_alsoAboveTheLimitOfGrpc() throws Exception {
    open(ServerLimits.builder().maxInboundMetadataBytes(32 << 10));
    assertThat(echoWithMetadata(20 << 10)).isEqualTo(HELLO);
  }

  @Test
  void headersOverTheLimit_endTheCallOnly() throws Exception {
    try (RawClient client = raw(ServerLimits.builder().maxInboundMetadataBytes(1_000))) {
      client.send(RawClient.headers(1, CHAT, 900));
      ReceivedFrames.Frame refusal = client.next(RST_STREAM, PATIENCE);
      assertThat(refusal.stream()).isEqualTo(1);
      assertThat(client.isOpen()).isTrue();
    }
  }

  private byte[] echoWithMetadata(int bytes) {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("x-more", Metadata.ASCII_STRING_MARSHALLER), "m".repeat(bytes));
    return ClientCalls.blockingUnaryCall(
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata)),
        TestService.ECHO,
        within(PATIENCE),
        HELLO);
  }
}
