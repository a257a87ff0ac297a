package io.vaccel;

/**
 * Hears how far a long transfer is; called on the thread that does the work, so it must be quick
 * and must not throw.
 */
@FunctionalInterface
public interface Progress {
  /** Does not listen. */
  Progress NONE = (what, done, total) -> {};

  /**
   * Called at the start, from time to time, and at the end of a transfer.
   *
   * @param what the file that travels
   * @param doneBytes bytes that have arrived, counting those that were there already
   * @param totalBytes bytes in all
   */
  void moved(String what, long doneBytes, long totalBytes);
}
