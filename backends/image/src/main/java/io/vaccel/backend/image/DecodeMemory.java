package io.vaccel.backend.image;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The memory that all pictures together may take while they are decoded; calls wait for their share
 * up to their deadlines. Safe for use by several threads.
 *
 * <p>Without it a few large pictures at once would use up the heap for everybody.
 */
final class DecodeMemory {
  private static final long UNIT_BYTES = 1 << 12;

  private final int units;
  private final Semaphore free;

  DecodeMemory(long bytes) {
    this.units = (int) Math.min(Integer.MAX_VALUE, bytes / UNIT_BYTES);
    // Fair, so that a large picture is not starved by small ones.
    this.free = new Semaphore(units, true);
  }

  /** Half of the heap. */
  static DecodeMemory ofHeap() {
    return new DecodeMemory(Runtime.getRuntime().maxMemory() / 2);
  }

  /** One picture's part; free again when it is closed the first time. */
  interface Share extends AutoCloseable {
    /** Of a picture that takes no memory of its own. */
    Share NOTHING = () -> {};

    @Override
    void close();
  }

  /**
   * A part of this many bytes.
   *
   * @throws VaccelException {@link Reason#IMAGE_TOO_LARGE} when there is never that much, {@link
   *     Reason#DEADLINE_EXCEEDED} when it was not free in time
   */
  Share take(long bytes, Call call) {
    long wanted = bytes / UNIT_BYTES + 1;
    if (wanted > units) {
      throw new VaccelException(
              Reason.IMAGE_TOO_LARGE,
              "image needs "
                  + bytes
                  + " bytes to be decoded, there are "
                  + units * UNIT_BYTES
                  + " for all")
          .with("limit", units * UNIT_BYTES)
          .with("amount", bytes);
    }
    try {
      if (!free.tryAcquire((int) wanted, call.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
        throw new VaccelException(
            Reason.DEADLINE_EXCEEDED, "no memory was free to decode the image in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VaccelException(Reason.CANCELLED, "the calling thread was interrupted", e);
    }
    AtomicBoolean closed = new AtomicBoolean();
    return () -> {
      if (closed.compareAndSet(false, true)) {
        free.release((int) wanted);
      }
    };
  }
}
