package io.vaccel.transport;

import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ServerChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The connections that listeners have accepted, in their order. */
@ChannelHandler.Sharable
final class Accepted extends ChannelInboundHandlerAdapter {
  private final BlockingQueue<Channel> channels = new LinkedBlockingQueue<>();

  /** A server whose connections are remembered here. */
  NettyServerBuilder server(Endpoint endpoint, ServerSettings settings) {
    return Servers.builder(endpoint, settings)
        .channelFactory(
            () -> {
              ServerChannel channel = Servers.channels(endpoint, settings).newChannel();
              channel.pipeline().addLast(this);
              return channel;
            });
  }

  /** Nothing is accepted on these loops after this, until {@code accept} is counted down. */
  static void hold(EventLoops loops, CountDownLatch accept) throws InterruptedException {
    CountDownLatch held = new CountDownLatch(1);
    var unused =
        loops
            .boss()
            .submit(
                () -> {
                  held.countDown();
                  return accept.await(90, TimeUnit.SECONDS);
                });
    if (!held.await(40, TimeUnit.SECONDS)) {
      throw new AssertionError("the accepting thread does something else");
    }
  }

  /** Takes the next one; fails the test when none comes. */
  Channel next() throws InterruptedException {
    Channel next = channels.poll(40, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no connection was accepted");
    }
    return next;
  }

  /** All that are open and were not taken. */
  Iterable<Channel> open() {
    return channels;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // It is the listener that counts.
  public void channelRead(ChannelHandlerContext context, Object message) {
    Channel accepted = (Channel) message;
    channels.add(accepted);
    accepted.closeFuture().addListener(closed -> channels.remove(accepted));
    context.fireChannelRead(message);
  }
}
