package io.vaccel;

/** What the operations on arrays ask of their tensors. */
final class ArrayShapes {
  private ArrayShapes() {}

  /** Returns when the tensor has this element type and one dimension. */
  static void vector(String field, Tensor tensor, ElementType type) {
    require(field, tensor, type, 1, "one dimension");
  }

  /** Returns when the tensor is a square matrix of binary32 numbers. */
  static void square(String field, Tensor tensor) {
    require(field, tensor, ElementType.FLOAT32, 2, "two dimensions of the same size");
    if (tensor.shape().dimension(0) != tensor.shape().dimension(1)) {
      throw refused(field, "must have two dimensions of the same size", tensor);
    }
  }

  /** Returns when the second tensor has the shape of the first. */
  static void same(String field, Tensor tensor, String otherField, Tensor other) {
    if (!tensor.shape().equals(other.shape())) {
      throw refused(field, "must have the shape of " + otherField + ", " + other.shape(), tensor);
    }
  }

  private static void require(
      String field, Tensor tensor, ElementType type, int rank, String dimensions) {
    if (tensor.type() != type) {
      throw refused(field, "must be " + type, tensor);
    }
    if (tensor.shape().rank() != rank) {
      throw refused(field, "must have " + dimensions, tensor);
    }
  }

  private static VaccelException refused(String field, String rule, Tensor tensor) {
    return VaccelException.ofField(field, rule + ", got " + tensor.type() + tensor.shape());
  }
}
