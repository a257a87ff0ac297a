package io.vaccel.agent;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;

/**
 * A buffer on its way in: grows as bytes arrive, so that an announced size alone takes no memory.
 * Used by one thread at a time.
 */
final class IncomingBuffer implements AutoCloseable {
  /** What the JDK can hold in one buffer. */
  private static final long MAX_BYTES = Integer.MAX_VALUE - 8L;

  private static final int FIRST_BYTES = 1 << 20;

  /** Copying when it grows then adds a third to the bytes moved, and waste is at most fourfold. */
  private static final int GROWTH = 4;

  private static final long RETRY_MILLIS = 1_000;

  private final SessionBuffers owner;
  private final Budget memory;
  private final Budget count;
  private final int sizeBytes;
  private ByteBuffer data = ByteBuffer.allocateDirect(0);
  private boolean open = true;

  IncomingBuffer(SessionBuffers owner, Budget memory, Budget count, long sizeBytes) {
    if (sizeBytes < 0 || sizeBytes > MAX_BYTES) {
      throw new VaccelException(
              Reason.ARGUMENT_INVALID,
              "a buffer has 0 to " + MAX_BYTES + " bytes, this one would have " + sizeBytes)
          .about("header.size_bytes");
    }
    memory.requireAtMost(sizeBytes);
    count.take(1);
    this.owner = owner;
    this.memory = memory;
    this.count = count;
    this.sizeBytes = (int) sizeBytes;
  }

  /**
   * Appends the chunk.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when more comes than was announced,
   *     {@link Reason#QUOTA_EXCEEDED} when there is no memory
   */
  void write(ByteBuffer chunk) {
    long needed = (long) data.position() + chunk.remaining();
    if (needed > sizeBytes) {
      throw new VaccelException(
              Reason.ARGUMENT_INVALID, "more bytes arrived than the announced " + sizeBytes)
          .about("chunk");
    }
    if (needed > data.capacity()) {
      grow((int) needed);
    }
    data.put(chunk);
  }

  /** Hands it to the session; returns its id. */
  String finish() {
    if (data.position() != sizeBytes) {
      throw new VaccelException(
              Reason.ARGUMENT_INVALID,
              "the buffer ended after " + data.position() + " of " + sizeBytes + " bytes")
          .about("header.size_bytes");
    }
    open = false;
    return owner.put(data.flip());
  }

  /** Frees it unless it is finished. */
  @Override
  public void close() {
    if (open) {
      open = false;
      memory.give(data.capacity());
      count.give(1);
    }
  }

  private void grow(int needed) {
    long wanted = Math.max(FIRST_BYTES, (long) data.capacity() * GROWTH);
    int capacity = (int) Math.min(sizeBytes, Math.max(needed, wanted));
    int more = capacity - data.capacity();
    memory.take(more);
    try {
      data = ByteBuffer.allocateDirect(capacity).put(data.flip());
    } catch (OutOfMemoryError e) {
      memory.give(more);
      throw new VaccelException(
              Reason.QUOTA_EXCEEDED, "the agent has no memory for a buffer of this size now", e)
          .with("quota", Limit.BUFFER_BYTES.label())
          .with("retry_millis", RETRY_MILLIS);
    }
  }
}
