package io.vaccel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Row-major matrices of binary32 numbers in one buffer, one after the other, as BLAS takes them.
 *
 * <p>Row {@code r} of matrix {@code i} starts at element {@code (i * rows + r) * leadingDimension};
 * how many rows and columns there are is said by the operation. The last row may end after its last
 * column. The buffer is shared, not copied: the maker must not change it while a call uses it, and
 * readers see a read-only little-endian view whose position is 0. Direct buffers reach the engine
 * without a copy.
 *
 * @param data packed little-endian elements
 * @param leadingDimension elements between the starts of two rows
 */
public record FloatMatrix(ByteBuffer data, long leadingDimension) {
  /** Makes the view. */
  public FloatMatrix {
    data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Rows of {@code columns} elements without gaps; the values are copied into a direct buffer. */
  public static FloatMatrix of(long columns, float... values) {
    if (values.length > Integer.MAX_VALUE / Float.BYTES) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, values.length + " values are more than one buffer can hold");
    }
    ByteBuffer data =
        ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    return new FloatMatrix(data, columns);
  }

  /** No elements: the old result where nothing is added to one. */
  public static FloatMatrix none(long leadingDimension) {
    return new FloatMatrix(ByteBuffer.allocate(0), leadingDimension);
  }

  /** A read-only little-endian view of the elements, with its own position. */
  @Override
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The elements, gaps between rows included, as a new array. */
  public float[] floats() {
    float[] values = new float[data.remaining() / Float.BYTES];
    data().asFloatBuffer().get(values);
    return values;
  }

  /** Size and leading dimension; never the elements. */
  @Override
  public String toString() {
    return data.remaining() + " bytes, rows of " + leadingDimension;
  }
}
