package io.vaccel;

import java.util.List;

/**
 * What a model says of one input or output.
 *
 * @param name its name in the model; empty where the format has none
 * @param type the element type
 * @param dimensions sizes, outermost first; -1 where any size is accepted; {@link #ANY_SHAPE} where
 *     even their number is open
 */
public record TensorInfo(String name, ElementType type, List<Long> dimensions) {
  /** Any number of dimensions of any size. */
  public static final List<Long> ANY_SHAPE = List.of(-2L);

  /** Copies the list. */
  public TensorInfo {
    dimensions = List.copyOf(dimensions);
  }

  /** For instance {@code input FLOAT32[-1, 3, 224, 224]}. */
  @Override
  public String toString() {
    return name + " " + type + dimensions;
  }
}
