package io.vaccel.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The HTTP/2 frames that a server has sent to a {@link RawClient} (RFC 9113, section 4.1). */
final class ReceivedFrames extends ChannelInboundHandlerAdapter {
  private static final int HEADER_BYTES = 9;

  /** One frame. */
  record Frame(int type, int flags, int stream, ByteBuf payload) {}

  private final ByteBuf unread = Unpooled.buffer();
  private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

  /** The next frame of this type, passing over others; fails the test when none comes. */
  Frame next(int type, Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    while (true) {
      Frame frame = frames.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (frame == null) {
        throw new AssertionError("no frame of type " + type + " within " + patience);
      }
      if (frame.type() == type) {
        return frame;
      }
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    unread.writeBytes(in);
    in.release();
    while (unread.readableBytes() >= HEADER_BYTES
        && unread.readableBytes()
            >= HEADER_BYTES + unread.getUnsignedMedium(unread.readerIndex())) {
      byte[] payload = new byte[unread.readUnsignedMedium()];
      int type = unread.readUnsignedByte();
      int flags = unread.readUnsignedByte();
      int stream = unread.readInt();
      unread.readBytes(payload);
      frames.add(new Frame(type, flags, stream, Unpooled.wrappedBuffer(payload)));
    }
    unread.discardReadBytes();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // Closing is all that is wanted.
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    context.close();
  }
}
