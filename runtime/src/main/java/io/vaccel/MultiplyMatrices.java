package io.vaccel;

/**
 * The input of {@link Operations#ARRAY_MULTIPLY_MATRICES}: vAccel's {@code fpga_mmult}, {@code a}
 * times {@code b}.
 *
 * @param a FLOAT32[n, n]
 * @param b FLOAT32[n, n]
 */
public record MultiplyMatrices(Tensor a, Tensor b) {
  /** Checks the matrices. */
  public MultiplyMatrices {
    ArrayShapes.square("a", a);
    ArrayShapes.square("b", b);
    ArrayShapes.same("b", b, "a", a);
  }
}
