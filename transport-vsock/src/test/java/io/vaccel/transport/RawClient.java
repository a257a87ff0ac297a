package io.vaccel.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * A client that sends whatever bytes it is told to, over any endpoint; for misbehaviour that gRPC
 * is too polite for.
 */
final class RawClient implements AutoCloseable {
  static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  static final byte[] SETTINGS = frame(0x4, 0, 0, new byte[0]);

  /** No test with it is about the length of a connect, and a machine may be emulated. */
  private static final Duration CONNECT_TIMEOUT = Duration.ofMinutes(3);

  private final Channel channel;
  private final ReceivedFrames received;

  private RawClient(Channel channel, ReceivedFrames received) {
    this.channel = channel;
    this.received = received;
  }

  static RawClient connect(Endpoint endpoint, ChannelSettings settings)
      throws InterruptedException {
    ReceivedFrames received = new ReceivedFrames();
    Channel channel = begin(endpoint, settings, received).sync().channel();
    if (settings.tls().isPresent()) {
      SslContext context = settings.tls().get().clientContext();
      SslHandler tls = context.newHandler(channel.alloc(), "127.0.0.1", 1);
      channel.pipeline().addFirst(tls);
      tls.handshakeFuture().sync();
    }
    return new RawClient(channel, received);
  }

  /** Only the socket, without TLS: for those that say nothing. */
  static ChannelFuture begin(Endpoint endpoint, ChannelSettings settings) {
    return begin(endpoint, settings, new Discard());
  }

  private static ChannelFuture begin(
      Endpoint endpoint, ChannelSettings settings, ChannelHandler handler) {
    SocketAddress address =
        endpoint instanceof Endpoint.Tcp tcp
            ? new InetSocketAddress(tcp.host(), tcp.port())
            : new EndpointAddress(endpoint);
    return new Bootstrap()
        .group(settings.loops().workers())
        .channelFactory(new ClientChannels(endpoint, settings))
        .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Channels.millis(CONNECT_TIMEOUT))
        .handler(handler)
        .connect(address);
  }

  /** One HTTP/2 frame. */
  static byte[] frame(int type, int flags, int stream, byte[] payload) {
    ByteBuf frame = Unpooled.buffer();
    frame
        .writeMedium(payload.length)
        .writeByte(type)
        .writeByte(flags)
        .writeInt(stream)
        .writeBytes(payload);
    byte[] bytes = new byte[frame.readableBytes()];
    frame.readBytes(bytes);
    return bytes;
  }

  /**
   * The HEADERS frame that starts a gRPC call: HPACK without indexing and without Huffman coding
   * (RFC 7541).
   */
  static byte[] headers(int stream, String path) {
    return headers(stream, path, 0);
  }

  /** The same with so many bytes more in it: headers of 120 bytes each, as HTTP/2 counts them. */
  static byte[] headers(int stream, String path, int moreBytes) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x83); // :method POST
    block.write(0x86); // :scheme http
    literal(block, 4, path); // :path
    literal(block, 1, "localhost"); // :authority
    block.write(0);
    text(block, "content-type");
    text(block, "application/grpc");
    block.write(0);
    text(block, "te");
    text(block, "trailers");
    for (int more = 0; more < moreBytes; more += 120) {
      block.write(0);
      text(block, "x-more");
      text(block, "m".repeat(120 - 32 - "x-more".length()));
    }
    return frame(0x1, 0x4, stream, block.toByteArray());
  }

  private static void literal(ByteArrayOutputStream block, int nameIndex, String value) {
    block.write(nameIndex);
    text(block, value);
  }

  private static void text(ByteArrayOutputStream block, String text) {
    block.write(text.length());
    block.writeBytes(text.getBytes(US_ASCII));
  }

  RawClient send(byte[]... parts) throws InterruptedException {
    channel.writeAndFlush(Unpooled.wrappedBuffer(parts)).await();
    return this;
  }

  /** The next frame of this type, passing over others. */
  ReceivedFrames.Frame next(int type, Duration patience) throws InterruptedException {
    return received.next(type, patience);
  }

  boolean isOpen() {
    return channel.isActive();
  }

  /** Whether the server closes the connection in time. */
  boolean isClosedWithin(Duration time) throws InterruptedException {
    return channel.closeFuture().await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
  }

  private static final class Discard extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ((ByteBuf) message).release();
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // Closing is all that is wanted.
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
