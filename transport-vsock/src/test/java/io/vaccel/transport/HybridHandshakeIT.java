package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelFuture;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's side of hybrid vsock against what VMMs do to the answer. */
@Timeout(60)
class HybridHandshakeIT {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  private final TestService service = new TestService();
  private Endpoint.Hybrid endpoint;
  private Duration hybridTimeout = Duration.ofSeconds(20);
  private Server server;
  private ManagedChannel channel;
  private VmmDouble vmm;

  @BeforeEach
  void start(@TempDir Path folder) throws Exception {
    endpoint = new Endpoint.Hybrid(folder.resolve("v.sock").toString(), 2048);
    server = server();
  }

  private Server server() throws Exception {
    ServerLimits limits =
        ServerLimits.builder()
            .maxConnectionsPerOwner(2_000)
            // Those that say nothing must stay while a busy machine makes a thousand of them.
            .handshakeTimeout(Duration.ofMinutes(5))
            .build();
    return Servers.builder(endpoint, limits).addService(service).build().start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (channel != null) {
      channel.shutdownNow();
    }
    server.shutdownNow().awaitTermination();
    if (vmm != null) {
      vmm.close();
    }
  }

  private byte[] echo(VmmDouble.Quirk quirk, EventLoops loops) {
    if (vmm == null) {
      vmm = VmmDouble.listen(endpoint, quirk);
    }
    if (channel == null) {
      channel =
          Channels.open(
              endpoint,
              ChannelSettings.builder().hybridTimeout(hybridTimeout).eventLoops(loops).build());
    }
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(channel, TestService.ECHO, options, HELLO);
  }

  private Status refusal(VmmDouble.Quirk quirk) {
    StatusRuntimeException failure =
        catchThrowableOfType(StatusRuntimeException.class, () -> echo(quirk, EventLoops.shared()));
    assertThat(failure).isNotNull();
    assertThat(failure.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    return failure.getStatus();
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "HOST_PORT_ZERO", "ANSWER_IN_PIECES", "DATA_WITH_ANSWER"})
  void answerHoweverItIsCut_isUnderstood(VmmDouble.Quirk quirk) {
    assertThat(echo(quirk, EventLoops.shared())).isEqualTo(HELLO);
    assertThat(vmm.firstReads()).containsExactly("CONNECT 2048\n");
  }

  @ParameterizedTest
  @EnumSource(names = {"NONE", "HOST_PORT_ZERO", "ANSWER_IN_PIECES", "DATA_WITH_ANSWER"})
  void answerHoweverItIsCut_isUnderstoodOnNio(VmmDouble.Quirk quirk) {
    try (EventLoops nio = EventLoops.open(EventLoops.Kind.NIO, 1)) {
      assertThat(echo(quirk, nio)).isEqualTo(HELLO);
      channel.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"CLOSES_INSTEAD", "CLOSES_AT_ONCE"})
  void closeInsteadOfAnswer_isARefusal(VmmDouble.Quirk quirk) {
    assertThat(refusal(quirk).getDescription())
        .isEqualTo(
            "cannot connect to "
                + endpoint
                + ": the VMM closed the connection: nobody listens on port 2048 in the guest, it is"
                + " not up yet, or the VM has as many connections as it can");
  }

  @Test
  void noAnswer_timesOut() {
    hybridTimeout = Duration.ofMillis(500);
    assertThat(refusal(VmmDouble.Quirk.NEVER_ANSWERS).getDescription())
        .endsWith("the VMM did not answer CONNECT within 500 ms");
  }

  @Test
  void otherAnswer_isQuoted() {
    assertThat(refusal(VmmDouble.Quirk.ANSWERS_ERROR).getDescription())
        .endsWith("the VMM answered \"ERR no such port\" instead of OK");
  }

  @Test
  void answerWithoutEnd_isCutAt32Bytes() {
    assertThat(refusal(VmmDouble.Quirk.ANSWERS_WITHOUT_END).getDescription())
        .endsWith("the VMM answered no line of at most 32 bytes: \"" + "O".repeat(32) + "\"");
  }

  @Test
  void noVmm_namesTheSocket() {
    channel = Channels.open(endpoint);
    StatusRuntimeException failure =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                ClientCalls.blockingUnaryCall(
                    channel, TestService.ECHO, CallOptions.DEFAULT, HELLO));
    assertThat(failure)
        .hasMessage("UNAVAILABLE: cannot connect to " + endpoint + ": there is no such socket");
  }

  @Test
  void guestThatBootsLate_isReachedByAwaitReady() throws Exception {
    server.shutdownNow().awaitTermination();
    refusal(VmmDouble.Quirk.NONE);
    server = server();
    assertThat(Channels.awaitReady(channel, Duration.ofSeconds(20), Duration.ofMillis(50)))
        .isTrue();
  }

  @Test
  void snapshotResetsEverything_theChannelComesBack() throws Exception {
    assertThat(echo(VmmDouble.Quirk.NONE, EventLoops.shared())).isEqualTo(HELLO);
    vmm.resetAll();
    // A call that comes before the channel has noticed may be lost, but must say so.
    StatusRuntimeException lost =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> echo(VmmDouble.Quirk.NONE, EventLoops.shared()));
    assertThat(lost == null || lost.getStatus().getCode() == Status.Code.UNAVAILABLE).isTrue();
    assertThat(Channels.awaitReady(channel, Duration.ofSeconds(20), Duration.ofMillis(50)))
        .isTrue();
    assertThat(echo(VmmDouble.Quirk.NONE, EventLoops.shared())).isEqualTo(HELLO);
  }

  @Test
  void kata_isDialledInLowerCase() throws Exception {
    server.shutdownNow().awaitTermination();
    endpoint =
        new Endpoint.Hybrid(Path.of(endpoint.path()).resolveSibling("kata.hvsock").toString(), 1);
    server = server();
    assertThat(echo(VmmDouble.Quirk.LOWER_CASE, EventLoops.shared())).isEqualTo(HELLO);
    assertThat(vmm.firstReads()).containsExactly("connect 1\n");
  }

  /**
   * What no VMM takes: another word, and more than 32 bytes.
   *
   * <p>The double refuses more than a VMM does: Firecracker takes the word in any case, splits the
   * line at white space, and leaves what comes after it for the guest. So the client passes the
   * tests above only with what every VMM takes, a whole command and nothing behind it.
   */
  @ParameterizedTest
  @ValueSource(strings = {"ATTACH 2048\n", "CONNECT 0000000000000000000002048\n"})
  void otherCommand_isRefusedByTheVmm(String command) throws Exception {
    assertRefusedByTheVmm(command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CONN",
        "connect 2048\n",
        "CONNECT 2048 \n",
        "CONNECT 2048\r\n",
        "CONNECT 2048\nhello"
      })
  void commandThatIsNotToTheLetter_isRefusedByTheDoubleAlone(String command) throws Exception {
    assertRefusedByTheVmm(command);
  }

  private void assertRefusedByTheVmm(String command) throws Exception {
    vmm = VmmDouble.listen(endpoint, VmmDouble.Quirk.NONE);
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(endpoint.path()))) {
      client.write(ByteBuffer.wrap(command.getBytes(StandardCharsets.US_ASCII)));
      assertThat(client.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
  }

  @Test
  void goodbyeOfTheServer_losesNoAnswer_whereThereIsNoHalfClose() throws Exception {
    assertThat(echo(VmmDouble.Quirk.NONE, EventLoops.shared())).isEqualTo(HELLO);
    BlockingClientCall<byte[], byte[]> call =
        ClientCalls.blockingBidiStreamingCall(
            channel, TestService.CHAT, CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS));
    assertThat(call.write(HELLO)).isTrue();
    assertThat(call.read()).isEqualTo(HELLO);
    server.shutdown();
    byte[] large = new byte[1 << 20];
    assertThat(call.write(large)).isTrue();
    call.halfClose();
    assertThat(call.read()).as("after the server said that it goes").hasSize(1 << 20);
    assertThat(call.read()).isNull();
  }

  @Test
  @Timeout(300)
  void vmWithAllItsConnections_refusesTheNext_andServesTheOthers() throws Exception {
    assertThat(echo(VmmDouble.Quirk.NONE, EventLoops.shared())).isEqualTo(HELLO);
    ChannelSettings patient =
        ChannelSettings.builder().hybridTimeout(Duration.ofSeconds(20)).build();
    List<ChannelFuture> others = new ArrayList<>();
    try {
      for (int i = 1; i < VmmDouble.MAX_CONNECTIONS; i++) {
        // One after another: the queue of a VMM's own socket is short.
        ChannelFuture other = RawClient.begin(endpoint, patient);
        others.add(other);
        assertThat(other.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(other.cause()).isNull();
      }
      assertThat(vmm.connections()).isEqualTo(VmmDouble.MAX_CONNECTIONS);
      ChannelFuture next = RawClient.begin(endpoint, patient);
      assertThat(next.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(next.cause()).hasMessageEndingWith("or the VM has as many connections as it can");
      assertThat(echo(VmmDouble.Quirk.NONE, EventLoops.shared())).isEqualTo(HELLO);
    } finally {
      for (ChannelFuture other : others) {
        other.channel().close().await();
      }
    }
  }

  @Test
  void vmThatIsMadeAnewAtTheSamePath_isReachedByTheSameChannel() throws Exception {
    assertThat(echo(VmmDouble.Quirk.NONE, EventLoops.shared())).isEqualTo(HELLO);
    vmm.resetAll();
    vmm.close();
    Files.deleteIfExists(Path.of(endpoint.path()));
    StatusRuntimeException lost =
        catchThrowableOfType(
            StatusRuntimeException.class, () -> echo(VmmDouble.Quirk.NONE, EventLoops.shared()));
    assertThat(lost.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    vmm = VmmDouble.listen(endpoint, VmmDouble.Quirk.NONE);
    assertThat(Channels.awaitReady(channel, Duration.ofSeconds(20), Duration.ofMillis(50)))
        .isTrue();
    assertThat(echo(VmmDouble.Quirk.NONE, EventLoops.shared())).isEqualTo(HELLO);
  }
}
