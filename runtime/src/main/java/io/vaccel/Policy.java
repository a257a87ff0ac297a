package io.vaccel;

/**
 * What the owner of a session may do; asked before each operation, those included that other
 * operations are made of. Safe for use by several threads.
 */
@FunctionalInterface
public interface Policy {
  /** Everything; what an application that owns its runtime may do. */
  Policy ALLOW_ALL = (operation, input) -> {};

  /**
   * Returns when the operation may be performed with this input.
   *
   * @throws VaccelException {@link Reason#NOT_ALLOWED} when it may not
   */
  void check(Operation<?, ?> operation, Object input);
}
