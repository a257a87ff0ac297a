package io.vaccel.guest.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One direction of a {@link Link}: hands what its channel reads to the other channel, in the very
 * buffers that the socket filled. It reads on only while the other side takes the bytes, so one
 * direction never holds more than {@link ForwarderSettings#MAX_BUFFERED_BYTES} says.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes its channel, which is handled.
final class Relay extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private final Link link;
  private final LongAdder bytes;

  /** A relay for one channel of the link, that counts the bytes it reads. */
  Relay(Link link, LongAdder bytes) {
    this.link = link;
    this.bytes = bytes;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel to = link.other(context.channel());
    bytes.add(((ByteBuf) message).readableBytes());
    link.moved();
    to.write(message, to.voidPromise());
    if (!to.isWritable()) {
      context.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    link.other(context.channel()).flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    link.moved();
    link.other(context.channel()).config().setAutoRead(context.channel().isWritable());
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      link.inputEnded(context.channel());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    link.closed(context.channel());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    LOG.debug("a connection was lost: {}", cause.getMessage());
    context.close();
  }
}
