package io.vaccel.guest.forward;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Connects one accepted client to the agent, on the client's event loop. The client is not read
 * before the agent is there, and is closed at once when it is not: to gRPC that is UNAVAILABLE.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes its channel, which is handled.
final class Dial extends ChannelInboundHandlerAdapter {
  private final Bootstrap agent;
  private final boolean halfClose;
  private final long lingerMillis;
  private final Tally tally;

  /**
   * Epoll reads once more, unasked, when the client has ended its direction: that, and the end,
   * wait here.
   */
  private final Queue<Object> early = new ArrayDeque<>();

  /**
   * A dialler for one client.
   *
   * @param agent connects to the agent; needs a handler and an event loop only
   * @param halfClose whether connections to the agent can end in one direction alone
   */
  Dial(Bootstrap agent, boolean halfClose, long lingerMillis, Tally tally) {
    this.agent = agent;
    this.halfClose = halfClose;
    this.lingerMillis = lingerMillis;
    this.tally = tally;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    Channel client = context.channel();
    tally.accepted();
    client.closeFuture().addListener(closed -> tally.ended());
    agent
        .clone(client.eventLoop())
        .handler(new Joining(client))
        .connect()
        .addListener(
            done -> {
              if (done.isSuccess()) {
                tally.reached();
                carry(context);
              } else {
                tally.failed(done.cause());
                client.close();
              }
            });
  }

  private void carry(ChannelHandlerContext context) {
    context.channel().config().setAutoRead(true);
    for (Object waited = early.poll(); waited != null; waited = early.poll()) {
      if (waited instanceof ChannelInputShutdownEvent) {
        context.fireUserEventTriggered(waited);
      } else {
        context.fireChannelRead(waited);
        context.fireChannelReadComplete();
      }
    }
    context.pipeline().remove(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    early.add(message);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      early.add(event);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    early.forEach(ReferenceCountUtil::release);
    early.clear();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }

  /** Puts the relays into both channels, as soon as the second exists. */
  private final class Joining extends ChannelInitializer<Channel> {
    private final Channel client;

    Joining(Channel client) {
      this.client = client;
    }

    @Override
    protected void initChannel(Channel dialled) {
      Link link = new Link(client, dialled, halfClose, lingerMillis);
      dialled.pipeline().addLast(new Relay(link, tally.bytesToClients));
      client.pipeline().addLast(new Relay(link, tally.bytesToAgent));
    }
  }
}
