package io.vaccel.bench;

import java.util.Arrays;

/**
 * How one contender compares with another over all rounds.
 *
 * <p>Each round gives one ratio, of the medians of two batches that ran within the same second, so
 * a machine that is slow for a while is slow for both. The quartiles say how far to trust the
 * median.
 *
 * @param median of the rounds' ratios
 * @param lower a quarter of the rounds is below
 * @param upper a quarter of the rounds is above
 */
record Ratio(double median, double lower, double upper) {

  /**
   * Compares round by round.
   *
   * @param medians of the contender, one a round
   * @param baselines of the other, as many
   */
  static Ratio of(double[] medians, double[] baselines) {
    if (medians.length == 0 || medians.length != baselines.length) {
      throw new IllegalArgumentException(
          medians.length + " rounds cannot be compared with " + baselines.length);
    }
    double[] ratios = new double[medians.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = medians[i] / baselines[i];
    }
    Arrays.sort(ratios);
    return new Ratio(quantile(ratios, 0.5), quantile(ratios, 0.25), quantile(ratios, 0.75));
  }

  /** Linear between the two nearest values. */
  private static double quantile(double[] sorted, double fraction) {
    double position = fraction * (sorted.length - 1);
    int below = (int) position;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
