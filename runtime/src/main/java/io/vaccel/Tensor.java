package io.vaccel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A named multi-dimensional array: element type, shape and packed row-major data in little-endian
 * order.
 *
 * <p>The bytes always fit type and shape: whoever holds a tensor need not check again. The buffer
 * is shared, not copied: the maker must not change it while a call uses it, and readers see a
 * read-only view whose position is 0. Direct buffers reach the engine without a copy.
 *
 * @param name the model's name for it, or empty where inputs go by position
 * @param type the element type
 * @param shape the dimensions
 * @param data the elements; exactly as many bytes as type and shape say
 */
public record Tensor(String name, ElementType type, Shape shape, ByteBuffer data) {

  /** The longest name, in UTF-16 units. */
  public static final int MAX_NAME_LENGTH = 1024;

  /** Checks that name, type, shape and bytes fit together. */
  public Tensor {
    Objects.requireNonNull(name, "name");
    if (name.length() > MAX_NAME_LENGTH) {
      throw VaccelException.ofField(
          Reason.TENSOR_INVALID,
          "name",
          "has " + name.length() + " characters, the limit is " + MAX_NAME_LENGTH);
    }
    data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    if (type.isFixedSize()) {
      long expected = type.bytes(shape.elements());
      if (expected != data.remaining()) {
        throw invalid(
            "data",
            name,
            type.toString() + shape + " needs " + expected + " bytes, got " + data.remaining());
      }
    } else {
      checkStrings(name, shape, data);
    }
  }

  /** A tensor from elements that are already packed. */
  public static Tensor of(String name, ElementType type, Shape shape, ByteBuffer data) {
    return new Tensor(name, type, shape, data);
  }

  /** A binary32 tensor; the values are copied into a new direct buffer. */
  public static Tensor ofFloats(String name, Shape shape, float... values) {
    ByteBuffer data = allocate(name, (long) values.length * Float.BYTES);
    data.asFloatBuffer().put(values);
    return new Tensor(name, ElementType.FLOAT32, shape, data);
  }

  /** A binary64 tensor; the values are copied into a new direct buffer. */
  public static Tensor ofDoubles(String name, Shape shape, double... values) {
    ByteBuffer data = allocate(name, (long) values.length * Double.BYTES);
    data.asDoubleBuffer().put(values);
    return new Tensor(name, ElementType.FLOAT64, shape, data);
  }

  /** A tensor of signed 32-bit integers; the values are copied into a new direct buffer. */
  public static Tensor ofInts(String name, Shape shape, int... values) {
    ByteBuffer data = allocate(name, (long) values.length * Integer.BYTES);
    data.asIntBuffer().put(values);
    return new Tensor(name, ElementType.INT32, shape, data);
  }

  /** A tensor of byte strings. */
  public static Tensor ofStrings(String name, Shape shape, List<byte[]> values) {
    long size = 0;
    for (byte[] value : values) {
      size += Integer.BYTES + (long) value.length;
    }
    ByteBuffer data = allocate(name, size);
    for (byte[] value : values) {
      data.putInt(value.length).put(value);
    }
    return new Tensor(name, ElementType.STRING, shape, data.flip());
  }

  /** The same tensor under another name; the data is shared. */
  public Tensor named(String newName) {
    return new Tensor(newName, type, shape, data);
  }

  /** A read-only little-endian view of the elements, with its own position. */
  @Override
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes of data. */
  public int sizeBytes() {
    return data.remaining();
  }

  /**
   * The elements of a binary32 tensor as a new array.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} for another element type
   */
  public float[] floats() {
    require(ElementType.FLOAT32);
    float[] values = new float[sizeBytes() / Float.BYTES];
    data().asFloatBuffer().get(values);
    return values;
  }

  /**
   * The elements of a binary64 tensor as a new array.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} for another element type
   */
  public double[] doubles() {
    require(ElementType.FLOAT64);
    double[] values = new double[sizeBytes() / Double.BYTES];
    data().asDoubleBuffer().get(values);
    return values;
  }

  /**
   * The elements of a string tensor.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} for another element type
   */
  public List<byte[]> strings() {
    require(ElementType.STRING);
    ByteBuffer rest = data();
    List<byte[]> values = new ArrayList<>();
    while (rest.hasRemaining()) {
      byte[] value = new byte[rest.getInt()];
      rest.get(value);
      values.add(value);
    }
    return values;
  }

  /** For instance {@code input FLOAT32[1, 3, 224, 224]}; never the data. */
  @Override
  public String toString() {
    return (name.isEmpty() ? "" : name + " ") + type + shape;
  }

  private void require(ElementType wanted) {
    if (type != wanted) {
      throw invalid("element_type", name, "holds " + type + ", not " + wanted);
    }
  }

  private static ByteBuffer allocate(String name, long size) {
    if (size > Integer.MAX_VALUE) {
      throw invalid("data", name, size + " bytes are more than one buffer can hold");
    }
    return ByteBuffer.allocateDirect((int) size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void checkStrings(String name, Shape shape, ByteBuffer data) {
    ByteBuffer rest = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    long count = 0;
    while (rest.hasRemaining()) {
      int length = rest.remaining() < Integer.BYTES ? -1 : rest.getInt();
      if (length < 0 || length > rest.remaining()) {
        throw invalid("data", name, "string " + count + " runs past the end of the data");
      }
      rest.position(rest.position() + length);
      count++;
    }
    if (count != shape.elements()) {
      throw invalid(
          "data", name, "STRING" + shape + " needs " + shape.elements() + " strings, got " + count);
    }
  }

  private static VaccelException invalid(String field, String name, String what) {
    return new VaccelException(
            Reason.TENSOR_INVALID,
            "tensor" + (name.isEmpty() ? "" : " '" + printable(name) + "'") + ": " + what)
        .about(field);
  }

  private static String printable(String name) {
    String ascii = new String(name.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
    return ascii.length() <= 80 ? ascii : ascii.substring(0, 80) + "...";
  }
}
