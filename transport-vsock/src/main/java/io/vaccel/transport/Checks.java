package io.vaccel.transport;

import java.time.Duration;

/** The rule that a limit is more than nothing. */
final class Checks {
  private Checks() {}

  static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " is " + value + ", it must be more than 0");
    }
  }

  static void notNegative(String name, int value) {
    if (value < 0) {
      throw new IllegalArgumentException(name + " is " + value + ", it must be 0 or more");
    }
  }

  static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " is " + value + ", it must be more than 0");
    }
  }
}
