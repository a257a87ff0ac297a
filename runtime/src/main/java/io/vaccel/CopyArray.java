package io.vaccel;

/**
 * The input of {@link Operations#ARRAY_COPY}: vAccel's {@code fpga_arraycopy}.
 *
 * @param input INT32[n]
 */
public record CopyArray(Tensor input) {
  /** Checks the array. */
  public CopyArray {
    ArrayShapes.vector("input", input, ElementType.INT32);
  }
}
