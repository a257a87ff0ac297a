package io.vaccel.agent;

import io.vaccel.CallMemory;
import io.vaccel.Reason;
import io.vaccel.VaccelException;

/**
 * What one call has taken of its session's memory; given back when the call ends, but for what has
 * become a buffer by then. Safe for use by several threads.
 */
final class CallBudget implements CallMemory, AutoCloseable {
  private final Budget memory;
  private long taken;
  private boolean ended;

  CallBudget(Budget memory) {
    this.memory = memory;
  }

  @Override
  public synchronized void take(long bytes) {
    if (ended) {
      throw new VaccelException(Reason.CANCELLED, "the call has ended");
    }
    memory.take(bytes);
    taken += bytes;
  }

  /**
   * Lets go of memory that a buffer has from now on, and has the buffer count it; what the call has
   * not taken is taken now.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED}; then nothing has changed
   */
  synchronized void handOver(long bytes) {
    long own = Math.min(taken, bytes);
    memory.take(bytes - own);
    taken -= own;
  }

  @Override
  public synchronized void close() {
    ended = true;
    memory.give(taken);
    taken = 0;
  }
}
