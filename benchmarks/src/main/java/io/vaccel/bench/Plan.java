package io.vaccel.bench;

import java.time.Duration;

/**
 * How long one scenario is measured.
 *
 * @param warmup rounds that do not count go on for this long; at least one
 * @param measured rounds that count go on for this long
 * @param slice each contender repeats its call for this long in each round; at least one call
 * @param minRounds rounds that count, however long they take
 */
record Plan(Duration warmup, Duration measured, Duration slice, int minRounds) {
  Plan {
    if (warmup.isNegative() || measured.isNegative() || slice.isNegative() || minRounds < 1) {
      throw new IllegalArgumentException("a plan needs times of at least 0 and one round");
    }
  }
}
