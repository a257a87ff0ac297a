package io.vaccel.guest.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.vaccel.transport.Bootstraps;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerLimits;
import io.vaccel.transport.ServerSettings;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** The far end of a forwarder, in one of the ways in which an agent can behave. */
@SuppressWarnings("FutureReturnValueIgnored") // A lost connection shows at the client.
final class ByteAgent implements AutoCloseable {
  private final ChannelGroup connections =
      new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
  private final Channel listener;

  private ByteAgent(Endpoint endpoint, boolean reads, Supplier<ChannelInboundHandlerAdapter> way) {
    ServerLimits many =
        ServerLimits.builder().maxConnections(10_000).maxConnectionsPerOwner(10_000).build();
    listener =
        Bootstraps.server(endpoint, ServerSettings.builder().limits(many).build())
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
            .childOption(ChannelOption.AUTO_READ, reads)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    channel.pipeline().addLast(way.get());
                  }
                })
            .bind()
            .syncUninterruptibly()
            .channel();
  }

  /** Sends back what it gets, no faster than that is taken. */
  static ByteAgent echo(Endpoint endpoint) {
    return new ByteAgent(endpoint, true, Echo::new);
  }

  /** Takes nothing and sends nothing. */
  static ByteAgent deaf(Endpoint endpoint) {
    return new ByteAgent(endpoint, false, ChannelInboundHandlerAdapter::new);
  }

  /** Sends the number of bytes it got once the client has ended its direction, and then ends. */
  static ByteAgent counting(Endpoint endpoint) {
    return new ByteAgent(endpoint, true, Count::new);
  }

  Endpoint endpoint() {
    return Bootstraps.endpoint(listener);
  }

  int connections() {
    return connections.size();
  }

  /** Ends all connections that are open; others can come. */
  void dropConnections() {
    connections.stream().toList().forEach(channel -> channel.close().awaitUninterruptibly());
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message);
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      context.channel().config().setAutoRead(context.channel().isWritable());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> context.close());
      }
    }
  }

  private static final class Count extends ChannelInboundHandlerAdapter {
    private long bytes;

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      bytes += ((ByteBuf) message).readableBytes();
      ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent) {
        byte[] answer = Long.toString(bytes).getBytes(StandardCharsets.US_ASCII);
        context.writeAndFlush(Unpooled.wrappedBuffer(answer)).addListener(done -> context.close());
      }
    }
  }
}
