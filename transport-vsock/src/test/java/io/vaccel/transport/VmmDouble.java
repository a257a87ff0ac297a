package io.vaccel.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.UnixDomainSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The part of a VMM that hybrid vsock clients see: takes {@code CONNECT PORT} on the socket and
 * passes the bytes on to the server of the same endpoint, as if that ran in the guest. It is
 * written after Firecracker's docs/vsock.md, and shares no code with the client under test: the
 * channels are Netty's own.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports to the pipeline.
final class VmmDouble implements AutoCloseable {

  /** What a VMM, or the kernel between, may do to the answer. */
  enum Quirk {
    NONE,
    /** vhost-device-vsock counts the ports of the host from 0. */
    HOST_PORT_ZERO,
    LOWER_CASE,
    ANSWER_IN_PIECES,
    DATA_WITH_ANSWER,
    CLOSES_INSTEAD,
    /** Before it has read the command: a reset, or a broken pipe. */
    CLOSES_AT_ONCE,
    NEVER_ANSWERS,
    ANSWERS_ERROR,
    ANSWERS_WITHOUT_END
  }

  /** What Firecracker takes at most. */
  private static final int MAX_COMMAND_BYTES = 32;

  /** Firecracker's and Cloud Hypervisor's; what comes after them is closed. */
  static final int MAX_CONNECTIONS = 1_023;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final List<String> firstReads = new CopyOnWriteArrayList<>();
  private final Endpoint.Hybrid endpoint;
  private final Quirk quirk;

  private VmmDouble(Endpoint.Hybrid endpoint, Quirk quirk) {
    this.endpoint = endpoint;
    this.quirk = quirk;
  }

  static VmmDouble listen(Endpoint.Hybrid endpoint, Quirk quirk) {
    VmmDouble vmm = new VmmDouble(endpoint, quirk);
    new ServerBootstrap()
        .group(vmm.loops)
        .channel(NioServerDomainSocketChannel.class)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(vmm.new Command());
              }
            })
        .bind(UnixDomainSocketAddress.of(endpoint.path()))
        .syncUninterruptibly();
    return vmm;
  }

  /** How many connections it has. */
  int connections() {
    return connections.size();
  }

  /** What came with the first read of each connection. */
  List<String> firstReads() {
    return firstReads;
  }

  /** What a snapshot of the VM does to its connections. */
  void resetAll() {
    connections.close().awaitUninterruptibly();
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  /** Reads the command, which must come whole with the first read, and connects to the server. */
  private final class Command extends Quiet {
    @Override
    public void channelActive(ChannelHandlerContext context) {
      connections.add(context.channel());
      if (connections.size() > MAX_CONNECTIONS || quirk == Quirk.CLOSES_AT_ONCE) {
        context.close();
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf in = (ByteBuf) message;
      String command = in.toString(US_ASCII);
      in.release();
      firstReads.add(command);
      boolean word = command.startsWith(quirk == Quirk.LOWER_CASE ? "connect " : "CONNECT ");
      boolean valid =
          word
              && command.substring("CONNECT ".length()).equals(endpoint.port() + "\n")
              && command.length() <= MAX_COMMAND_BYTES;
      if (!valid || quirk == Quirk.CLOSES_INSTEAD) {
        context.close();
        return;
      }
      switch (quirk) {
        case NEVER_ANSWERS -> {}
        case ANSWERS_ERROR -> context.writeAndFlush(ascii("ERR no such port\n"));
        case ANSWERS_WITHOUT_END -> context.writeAndFlush(ascii("O".repeat(100)));
        default -> {
          context.channel().config().setAutoRead(false);
          dial(context);
        }
      }
    }

    private void dial(ChannelHandlerContext guestSide) {
      new Bootstrap()
          .group(guestSide.channel().eventLoop())
          .channel(NioDomainSocketChannel.class)
          .handler(new FromServer(guestSide.channel()))
          .connect(UnixDomainSocketAddress.of(endpoint.path() + "_" + endpoint.port()))
          .addListener(
              connected -> {
                if (!connected.isSuccess()) {
                  guestSide.close(); // A refusal is a plain close.
                }
              });
    }
  }

  /** Closes what is broken, without a word. */
  private static class Quiet extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** The server's bytes to the client, after the answer. */
  private final class FromServer extends Quiet {
    private final Channel client;
    private boolean answered;

    FromServer(Channel client) {
      this.client = client;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      client.pipeline().removeFirst();
      client.pipeline().addLast(new FromClient(context.channel()));
      if (quirk == Quirk.DATA_WITH_ANSWER) {
        return; // The answer waits for the server's first bytes.
      }
      answered = true;
      if (quirk == Quirk.ANSWER_IN_PIECES) {
        List<String> pieces = List.of("O", "K ", "10737", "41824", "\n");
        for (int i = 0; i < pieces.size(); i++) {
          ByteBuf piece = ascii(pieces.get(i));
          client
              .eventLoop()
              .schedule(() -> client.writeAndFlush(piece), 5L * i, TimeUnit.MILLISECONDS);
        }
        client
            .eventLoop()
            .schedule(() -> client.config().setAutoRead(true), 25, TimeUnit.MILLISECONDS);
        context.channel().config().setAutoRead(false);
        client
            .eventLoop()
            .schedule(
                () -> context.channel().config().setAutoRead(true), 25, TimeUnit.MILLISECONDS);
      } else {
        client.writeAndFlush(ascii(quirk == Quirk.HOST_PORT_ZERO ? "OK 0\n" : "OK 1073741824\n"));
        client.config().setAutoRead(true);
      }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (answered) {
        client.writeAndFlush(message);
      } else {
        answered = true;
        client.writeAndFlush(Unpooled.wrappedBuffer(ascii("OK 1073741824\n"), (ByteBuf) message));
        client.config().setAutoRead(true);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      closeBehind(client);
    }
  }

  /** The client's bytes to the server. */
  private static final class FromClient extends Quiet {
    private final Channel server;

    FromClient(Channel server) {
      this.server = server;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      server.writeAndFlush(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      closeBehind(server);
    }
  }

  /** There is no half-close: the end of one side ends the other, behind what is on its way. */
  private static void closeBehind(Channel other) {
    other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, US_ASCII);
  }
}
