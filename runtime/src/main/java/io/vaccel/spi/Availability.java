package io.vaccel.spi;

/** Whether a plugin can work now. */
public sealed interface Availability {
  /** It can. */
  record Usable() implements Availability {}

  /**
   * It cannot.
   *
   * @param reason why, in one line, and what would change it
   */
  record Unusable(String reason) implements Availability {}

  /** It can. */
  static Availability usable() {
    return new Usable();
  }

  /** It cannot, for this reason. */
  static Availability unusable(String reason) {
    return new Unusable(reason);
  }

  /** Whether it can. */
  default boolean isUsable() {
    return this instanceof Usable;
  }
}
