package io.vaccel;

/**
 * The input of {@link Operations#ARRAY_ADD_AND_MULTIPLY}: vAccel's {@code fpga_parallel}, which
 * adds and multiplies element by element.
 *
 * @param a FLOAT32[n]
 * @param b FLOAT32[n]
 */
public record AddAndMultiply(Tensor a, Tensor b) {
  /** Checks the arrays. */
  public AddAndMultiply {
    ArrayShapes.vector("a", a, ElementType.FLOAT32);
    ArrayShapes.vector("b", b, ElementType.FLOAT32);
    ArrayShapes.same("b", b, "a", a);
  }

  /**
   * The result of {@link AddAndMultiply}.
   *
   * @param sum FLOAT32[n]: {@code a + b}
   * @param product FLOAT32[n]: {@code a * b}
   * @param executedOn where
   */
  public record Both(Tensor sum, Tensor product, ExecutedOn executedOn) implements Result {}
}
