package io.vaccel;

import java.util.Arrays;

/**
 * The dimensions of a tensor, outermost first; immutable.
 *
 * <p>A shape always has at most {@link #MAX_RANK} dimensions, none negative, and a product that
 * fits in 63 bits, so whoever holds a shape may use {@link #elements} without further checks. Rank
 * 0 is a scalar with one element.
 */
public final class Shape {
  /**
   * The most dimensions a tensor may have; no engine behind this API takes more than 32, few more
   * than 8.
   */
  public static final int MAX_RANK = 32;

  private final long[] dimensions;
  private final long elements;

  private Shape(long[] dimensions, long elements) {
    this.dimensions = dimensions;
    this.elements = elements;
  }

  /**
   * A shape with these dimensions.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} for a negative dimension, a rank over
   *     {@link #MAX_RANK} or a product over 2^63-1
   */
  public static Shape of(long... dimensions) {
    if (dimensions.length > MAX_RANK) {
      throw tooManyDimensions(dimensions.length);
    }
    long product = 1;
    boolean empty = false;
    for (int i = 0; i < dimensions.length; i++) {
      if (dimensions[i] < 0) {
        throw VaccelException.ofField(
            Reason.TENSOR_INVALID, "shape[" + i + "]", "is negative: " + dimensions[i]);
      }
      empty |= dimensions[i] == 0;
    }
    for (long dimension : dimensions) {
      try {
        product = Math.multiplyExact(product, Math.max(1, dimension));
      } catch (ArithmeticException e) {
        throw VaccelException.ofField(
            Reason.TENSOR_INVALID,
            "shape",
            Arrays.toString(dimensions) + " has more than 2^63-1 elements");
      }
    }
    return new Shape(dimensions.clone(), empty ? 0 : product);
  }

  /** The error for a shape of a rank over {@link #MAX_RANK}, for those who count first. */
  public static VaccelException tooManyDimensions(int rank) {
    return VaccelException.ofField(
        Reason.TENSOR_INVALID, "shape", "has rank " + rank + ", the limit is " + MAX_RANK);
  }

  /** Number of dimensions. */
  public int rank() {
    return dimensions.length;
  }

  /** The size of dimension {@code index}, 0 being the outermost. */
  public long dimension(int index) {
    return dimensions[index];
  }

  /** The dimensions as a new array. */
  public long[] dimensions() {
    return dimensions.clone();
  }

  /** The product of the dimensions. */
  public long elements() {
    return elements;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(dimensions, that.dimensions);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dimensions);
  }

  /** For instance {@code [1, 3, 224, 224]}. */
  @Override
  public String toString() {
    return Arrays.toString(dimensions);
  }
}
