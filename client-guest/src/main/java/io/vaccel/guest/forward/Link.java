package io.vaccel.guest.forward;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * One forwarded connection: a client's channel and the agent's, and how the end of one becomes the
 * end of the other. Both channels are on one event loop, the only thread that calls.
 */
@SuppressWarnings("FutureReturnValueIgnored") // What fails closes its channel, which is handled.
final class Link {
  private final Channel client;
  private final Channel agent;
  private final boolean halfClose;
  private final long lingerMillis;
  private long moves;
  private boolean lingering;

  /**
   * Joins two channels.
   *
   * @param halfClose whether both can end in one direction alone
   * @param lingerMillis what is left gets this long without a byte once one side has ended
   */
  Link(Channel client, Channel agent, boolean halfClose, long lingerMillis) {
    this.client = client;
    this.agent = agent;
    this.halfClose = halfClose;
    this.lingerMillis = lingerMillis;
  }

  Channel other(Channel one) {
    return one == client ? agent : client;
  }

  /** Called whenever bytes came or went. */
  void moved() {
    moves++;
  }

  /** This side sends no more, but may still take: the other learns it after the last byte. */
  void inputEnded(Channel side) {
    Channel other = other(side);
    if (halfClose && other instanceof DuplexChannel duplex) {
      afterLastByte(other, () -> endOutput(duplex));
    } else {
      afterLastByte(other, other::close);
    }
  }

  /** This side is gone. */
  void closed(Channel side) {
    Channel other = other(side);
    afterLastByte(other, other::close);
  }

  private void afterLastByte(Channel other, Runnable end) {
    if (!other.isOpen()) {
      closeBoth();
      return;
    }
    other.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(done -> end.run());
    if (!lingering) {
      lingering = true;
      linger();
    }
  }

  /** A side that has ended both ways has nothing left to do, and then neither has the other. */
  private void endOutput(DuplexChannel other) {
    other
        .shutdownOutput()
        .addListener(
            done -> {
              if (!done.isSuccess() || other.isInputShutdown()) {
                closeBoth();
              }
            });
  }

  /** Nobody waits for ever for a side that neither takes the rest nor answers. */
  private void linger() {
    long seen = moves;
    client
        .eventLoop()
        .schedule(
            () -> {
              if (moves == seen) {
                closeBoth();
              } else if (client.isOpen() || agent.isOpen()) {
                linger();
              }
            },
            lingerMillis,
            TimeUnit.MILLISECONDS);
  }

  private void closeBoth() {
    client.close();
    agent.close();
  }
}
