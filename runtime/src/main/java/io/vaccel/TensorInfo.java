package io.vaccel;

import java.util.List;

/**
 * What a model says of one input or output.
 *
 * @param name its name in the model; empty where the format has none
 * @param type the element type
 * @param dimensions sizes, outermost first; -1 where any size is accepted
 */
public record TensorInfo(String name, ElementType type, List<Long> dimensions) {
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
