package io.vaccel.backend.tensorflow;

/**
 * An input or output of a model, and which tensor of its graph that is.
 *
 * @param name the name that callers use
 * @param node the operation that gives it
 * @param index which of that operation's outputs; {@link #ALL} for all that it has
 */
record NamedTensor(String name, String node, int index) {
  /** Stands for each output of an operation; the number is known when the graph is loaded. */
  static final int ALL = -1;

  /**
   * A tensor by TensorFlow's name for it: {@code node} or {@code node:index}.
   *
   * @throws UnsoundGraph when that is no such name
   */
  static NamedTensor of(String name, String tensor) {
    int colon = tensor.lastIndexOf(':');
    if (colon < 0) {
      return new NamedTensor(name, tensor, 0);
    }
    try {
      int index = Integer.parseInt(tensor.substring(colon + 1));
      if (index >= 0) {
        return new NamedTensor(name, tensor.substring(0, colon), index);
      }
    } catch (NumberFormatException e) {
      // Said below, together with negative numbers.
    }
    throw new UnsoundGraph("names a tensor that cannot be");
  }
}
