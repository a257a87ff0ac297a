package io.vaccel;

/**
 * The input of {@link Operations#ARRAY_MINMAX}: vAccel's {@code minmax}.
 *
 * @param data FLOAT64[n] with n 1 or more, no element NaN
 * @param low the lower threshold
 * @param high the upper threshold; not below the lower one
 */
public record Minmax(Tensor data, int low, int high) {
  /** Checks the array and the thresholds. */
  public Minmax {
    ArrayShapes.vector("data", data, ElementType.FLOAT64);
    if (data.shape().elements() == 0) {
      throw VaccelException.ofField("data", "is empty: it has no least element");
    }
    if (low > high) {
      throw VaccelException.ofField("low", "is " + low + ", above high, which is " + high);
    }
    var values = data.data().asDoubleBuffer();
    for (int i = 0; values.hasRemaining(); i++) {
      if (Double.isNaN(values.get())) {
        throw VaccelException.ofField("data", "is NaN at index " + i);
      }
    }
  }

  /**
   * The result of {@link Minmax}.
   *
   * @param output FLOAT64[n]: the data, cut to the thresholds
   * @param min the least element of the data
   * @param max the greatest element of the data
   * @param executedOn where
   */
  public record Bounds(Tensor output, double min, double max, ExecutedOn executedOn)
      implements Result {}
}
