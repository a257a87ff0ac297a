package io.vaccel.transport;

import io.netty.channel.ChannelId;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The identity of a channel within this process: a number.
 *
 * <p>Netty's own is unique in the world. For that it looks for a hardware address at start, which
 * costs time, and logs a warning in a guest that has none because vsock is its only network.
 */
final class ChannelNumber implements ChannelId {
  private static final long serialVersionUID = 1L;
  private static final AtomicLong LAST = new AtomicLong();

  private final long number = LAST.incrementAndGet();

  @Override
  public String asShortText() {
    return Long.toString(number);
  }

  @Override
  public String asLongText() {
    return "vaccel-" + number;
  }

  @Override
  public int compareTo(ChannelId other) {
    return other instanceof ChannelNumber that
        ? Long.compare(number, that.number)
        : asLongText().compareTo(other.asLongText());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChannelNumber that && number == that.number;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(number);
  }

  @Override
  public String toString() {
    return asShortText();
  }
}
