package io.vaccel.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;

/**
 * Puts the {@link Http2Gate} behind gRPC's TLS handler, where frames are in clear text. The TLS
 * handshake itself is under gRPC's own handshake timeout.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports to the promise or the pipeline.
final class TlsGate extends ChannelInboundHandlerAdapter {
  private final Http2Gate gate;

  TlsGate(Http2Gate gate) {
    this.gate = gate;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ChannelPipeline pipeline = context.pipeline();
    SslHandler tls = pipeline.get(SslHandler.class);
    tls.handshakeFuture()
        .addListener(
            handshake -> {
              if (handshake.isSuccess()) {
                // The listener runs before the first decrypted byte is passed on.
                pipeline.addAfter(pipeline.context(tls).name(), null, gate);
              }
            });
    context.fireChannelRead(message);
    pipeline.remove(this);
  }
}
