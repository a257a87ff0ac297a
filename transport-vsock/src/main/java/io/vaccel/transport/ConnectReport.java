package io.vaccel.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;

/** Turns whatever a connect fails with into a {@link ConnectFailure}. */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports to the promise or the pipeline.
final class ConnectReport extends ChannelOutboundHandlerAdapter {
  private final Endpoint endpoint;

  ConnectReport(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  @Override
  public void connect(
      ChannelHandlerContext context,
      SocketAddress remote,
      SocketAddress local,
      ChannelPromise promise) {
    ChannelPromise reported = context.newPromise();
    reported.addListener(
        done -> {
          if (done.isSuccess()) {
            promise.trySuccess();
          } else {
            promise.tryFailure(ConnectFailure.of(endpoint, done.cause()));
          }
        });
    context.connect(remote, local, reported);
  }
}
