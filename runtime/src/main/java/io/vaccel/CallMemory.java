package io.vaccel;

/**
 * The direct memory that one call may take for its results and on the way to them: plugins ask for
 * it before they allocate, so that a small request cannot make something large that nobody has
 * counted. Safe for use by several threads.
 */
@FunctionalInterface
public interface CallMemory {
  /** As much as the process has: what calls of an application have unless they say otherwise. */
  CallMemory UNLIMITED = bytes -> {};

  /**
   * Takes so many bytes until the call has ended.
   *
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} with limit and amount when there are not
   *     as many; then nothing is taken
   */
  void take(long bytes);
}
