package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.vaccel.transport.Bootstraps;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The end of one direction on its way through {@code vaccel-guest forward} to AF_VSOCK and back, as
 * it is run within a guest VM by {@link ForwardIT}: the other direction goes on to its own end.
 */
@Timeout(300)
final class VmGuestHalfClose {
  /** Where the forwarder listens. */
  static final Path FORWARDER = Path.of("/run/f.sock");

  /** Where it connects to, on this very machine. */
  static final Endpoint.Vsock AGENT = new Endpoint.Vsock(Endpoint.CID_LOCAL, 2111);

  private static final byte[] MUCH = new byte[4 << 20];

  static {
    new Random(7).nextBytes(MUCH);
  }

  private Channel listener;

  @AfterEach
  void close() {
    listener.close().syncUninterruptibly();
  }

  @Test
  void clientThatEndsItsDirection_getsTheWholeAnswer() throws Exception {
    Agent agent = new Agent(false);
    listen(agent);
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(FORWARDER))) {
      sendAll(client);
      assertThat(agent.received()).isEqualTo(MUCH);
      assertThat(receiveAll(client)).isEqualTo(MUCH);
    }
  }

  @Test
  void agentThatEndsItsDirection_getsAllThatTheClientSends() throws Exception {
    Agent agent = new Agent(true);
    listen(agent);
    try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(FORWARDER))) {
      assertThat(receiveAll(client)).isEqualTo(MUCH);
      sendAll(client);
      assertThat(agent.received()).isEqualTo(MUCH);
    }
  }

  private void listen(Agent agent) {
    listener =
        Bootstraps.server(
                Endpoint.Vsock.any(AGENT.port()),
                ServerSettings.builder().allowedReservedCids(Set.of(AGENT.cid())).build())
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childHandler(agent)
            .bind()
            .syncUninterruptibly()
            .channel();
  }

  /** Sends much, and ends this direction. */
  private static void sendAll(SocketChannel client) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(MUCH);
    while (bytes.hasRemaining()) {
      client.write(bytes);
    }
    client.shutdownOutput();
  }

  private static byte[] receiveAll(SocketChannel client) throws IOException {
    return Channels.newInputStream(client).readAllBytes();
  }

  /** Sends much and ends that direction: at once, or when the client has ended its own. */
  private static final class Agent extends ChannelInboundHandlerAdapter {
    private final boolean first;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CompletableFuture<byte[]> all = new CompletableFuture<>();

    Agent(boolean first) {
      this.first = first;
    }

    /** All that the client had sent when it ended. */
    byte[] received() throws Exception {
      return all.get(120, TimeUnit.SECONDS);
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (first) {
        send(context);
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws IOException {
      ByteBuf read = (ByteBuf) message;
      read.readBytes(bytes, read.readableBytes());
      read.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        all.complete(bytes.toByteArray());
        if (!first) {
          send(context);
        }
      }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // What is lost does not come.
    private static void send(ChannelHandlerContext context) {
      context
          .writeAndFlush(Unpooled.wrappedBuffer(MUCH))
          .addListener(done -> ((DuplexChannel) context.channel()).shutdownOutput());
    }
  }
}
