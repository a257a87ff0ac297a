package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelFuture;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** What a listener of every transport does to clients that are too much, or not polite. */
abstract class BadClientContract extends OverATransport {
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
}
