package io.vaccel.guest.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.MessageSizeEstimator;

/**
 * Counts a waiting buffer with the memory that it takes, not with the bytes in it: else many small
 * reads in large buffers would pass every bound.
 */
final class HeldBytes implements MessageSizeEstimator, MessageSizeEstimator.Handle {
  static final HeldBytes COUNTED = new HeldBytes();

  private HeldBytes() {}

  @Override
  public Handle newHandle() {
    return this;
  }

  @Override
  public int size(Object message) {
    return message instanceof ByteBuf buffer ? buffer.capacity() : 0;
  }
}
