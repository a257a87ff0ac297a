package io.vaccel.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches the frames of one accepted connection go by and closes it for what gRPC tolerates: a
 * client that stops in the middle of a frame, and a flood of frames that carry nothing
 * (CVE-2019-9518).
 *
 * <p>A client that says nothing, or not enough, is left to gRPC's own handshake timeout, which ends
 * with the first SETTINGS. But gRPC has no timeout for a frame, and assembles Netty's HTTP/2
 * decoder without its limit on empty frames.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports to the promise or the pipeline.
final class Http2Gate extends ChannelInboundHandlerAdapter {
  private final ServerLimits limits;
  private final Consumer<String> refusal;
  private final Http2FrameScan scan = new Http2FrameScan();
  private Future<?> frameTimer;

  Http2Gate(ServerLimits limits, Consumer<String> refusal) {
    this.limits = limits;
    this.refusal = refusal;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    scan.read((ByteBuf) message);
    if (scan.emptyFramesInARow() > limits.maxEmptyFrames()) {
      ((ByteBuf) message).release();
      drop(context, "more than " + limits.maxEmptyFrames() + " empty frames in a row");
      return;
    }
    if (scan.insideFrame() && frameTimer == null) {
      watchFrame(context);
    }
    context.fireChannelRead(message);
  }

  /**
   * One timer at a time: when it fires it either finds the same frame still incomplete, or watches
   * the current one.
   */
  private void watchFrame(ChannelHandlerContext context) {
    long frame = scan.completeFrames();
    frameTimer =
        context
            .executor()
            .schedule(
                () -> {
                  frameTimer = null;
                  if (scan.insideFrame() && scan.completeFrames() == frame) {
                    drop(
                        context,
                        "a frame incomplete after " + limits.frameTimeout().toMillis() + " ms");
                  } else if (scan.insideFrame()) {
                    watchFrame(context);
                  }
                },
                limits.frameTimeout().toMillis(),
                TimeUnit.MILLISECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (frameTimer != null) {
      frameTimer.cancel(false); // Or a connection that is gone would be held until it fires.
    }
    context.fireChannelInactive();
  }

  private void drop(ChannelHandlerContext context, String reason) {
    if (context.channel().isActive()) {
      refusal.accept(reason);
      context.close();
    }
  }
}
