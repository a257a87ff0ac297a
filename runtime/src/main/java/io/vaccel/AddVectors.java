package io.vaccel;

/**
 * The input of {@link Operations#ARRAY_ADD_VECTORS}: vAccel's {@code fpga_vectoradd}.
 *
 * @param a FLOAT32[n]
 * @param b FLOAT32[n]
 */
public record AddVectors(Tensor a, Tensor b) {
  /** Checks the vectors. */
  public AddVectors {
    ArrayShapes.vector("a", a, ElementType.FLOAT32);
    ArrayShapes.vector("b", b, ElementType.FLOAT32);
    ArrayShapes.same("b", b, "a", a);
  }
}
