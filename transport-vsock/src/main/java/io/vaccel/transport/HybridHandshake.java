package io.vaccel.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The client's side of hybrid vsock: asks the VMM for a port of its guest before anything else is
 * sent.
 *
 * <p>The protocol is Firecracker's (docs/vsock.md), which Cloud Hypervisor, vhost-device-vsock and
 * Kata share: one line {@code CONNECT PORT}, answered by one line {@code OK HOSTPORT} or by a
 * close. The connect of the channel is complete, and the channel active for the handlers behind,
 * only after the answer.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Netty reports to the promise or the pipeline.
final class HybridHandshake extends ChannelDuplexHandler {
  /** {@code OK } and ten digits fit; Firecracker's own limit for the command is the same. */
  private static final int MAX_LINE_BYTES = 32;

  /** The name that Kata gives to the socket of a sandbox's VM. */
  private static final String KATA_SOCKET = "/kata.hvsock";

  private static final Pattern OK = Pattern.compile("OK \\d{1,10}");

  private final Endpoint.Hybrid endpoint;
  private final Duration timeout;
  private final StringBuilder line = new StringBuilder();
  private ChannelPromise connected;
  private Future<?> timer;

  HybridHandshake(Endpoint.Hybrid endpoint, Duration timeout) {
    this.endpoint = endpoint;
    this.timeout = timeout;
  }

  @Override
  public void connect(
      ChannelHandlerContext context,
      SocketAddress remote,
      SocketAddress local,
      ChannelPromise promise) {
    connected = promise;
    ChannelPromise reached = context.newPromise();
    reached.addListener(
        done -> {
          if (!done.isSuccess()) {
            promise.tryFailure(done.cause());
          }
        });
    context.connect(remote, local, reached);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    timer =
        context
            .executor()
            .schedule(
                () ->
                    fail(
                        context,
                        "the VMM did not answer CONNECT within " + timeout.toMillis() + " ms"),
                timeout.toMillis(),
                TimeUnit.MILLISECONDS);
    // Firecracker reads the command with one recv: it must leave in one write.
    context.writeAndFlush(Unpooled.copiedBuffer(command(endpoint), US_ASCII));
  }

  /** Firecracker and Cloud Hypervisor take either case; what Kata's own tools say is lower-case. */
  static String command(Endpoint.Hybrid endpoint) {
    boolean kata = endpoint.path().endsWith(KATA_SOCKET);
    return (kata ? "connect " : "CONNECT ") + endpoint.port() + "\n";
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf in = (ByteBuf) message;
    while (in.isReadable()) {
      char next = (char) in.readUnsignedByte();
      if (next == '\n') {
        answer(context, in);
        return;
      }
      if (line.append(next).length() >= MAX_LINE_BYTES) {
        break;
      }
    }
    in.release();
    if (line.length() >= MAX_LINE_BYTES) {
      fail(
          context,
          "the VMM answered no line of at most " + MAX_LINE_BYTES + " bytes: " + quotedLine());
    }
  }

  private void answer(ChannelHandlerContext context, ByteBuf rest) {
    if (!OK.matcher(line).matches()) {
      rest.release();
      fail(context, "the VMM answered " + quotedLine() + " instead of OK");
      return;
    }
    timer.cancel(false);
    connected.trySuccess();
    context.fireChannelActive();
    // What the guest sent at once may share a segment with the answer.
    if (rest.isReadable()) {
      context.fireChannelRead(rest);
    } else {
      rest.release();
    }
    context.pipeline().remove(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    refused(context);
    context.fireChannelInactive();
  }

  /** A VMM that closes without having read the command looks like a reset. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (timer != null && cause instanceof IOException) {
      refused(context);
    } else {
      connected.tryFailure(ConnectFailure.of(endpoint, cause));
      context.close();
    }
  }

  private void refused(ChannelHandlerContext context) {
    fail(
        context,
        "the VMM closed the connection: nobody listens on port "
            + endpoint.port()
            + " in the guest, it is not up yet, or the VM has as many connections as it can");
  }

  private void fail(ChannelHandlerContext context, String reason) {
    if (timer != null) {
      timer.cancel(false);
    }
    connected.tryFailure(ConnectFailure.of(endpoint, reason, null));
    context.close();
  }

  private String quotedLine() {
    return '"' + EndpointText.printable(line.toString()) + '"';
  }
}
