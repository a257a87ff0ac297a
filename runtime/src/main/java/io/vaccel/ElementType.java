package io.vaccel;

/**
 * The element types of tensors that some engine and the wire both know.
 *
 * <p>{@link #bits} is the size of one element in a packed buffer; strings have no fixed size and
 * report 0 (see {@link Tensor#ofStrings}).
 */
public enum ElementType {
  /** One byte, 0 or 1. */
  BOOL(8),
  /** Unsigned 8-bit integer. */
  UINT8(8),
  /** Signed 8-bit integer. */
  INT8(8),
  /** Unsigned 16-bit integer. */
  UINT16(16),
  /** Signed 16-bit integer. */
  INT16(16),
  /** Unsigned 32-bit integer. */
  UINT32(32),
  /** Signed 32-bit integer. */
  INT32(32),
  /** Unsigned 64-bit integer. */
  UINT64(64),
  /** Signed 64-bit integer. */
  INT64(64),
  /** IEEE 754 binary16. */
  FLOAT16(16),
  /** The upper half of a binary32. */
  BFLOAT16(16),
  /** IEEE 754 binary32. */
  FLOAT32(32),
  /** IEEE 754 binary64. */
  FLOAT64(64),
  /** Two binary32: real, imaginary. */
  COMPLEX64(64),
  /** Two binary64: real, imaginary. */
  COMPLEX128(128),
  /** Byte strings, each preceded by its length as a 32-bit little-endian number. */
  STRING(0),
  /** Signed 4-bit integer, two in a byte, the first in the low half; rows are not padded. */
  INT4(4),
  /** TensorFlow's quantised signed 8-bit. */
  QINT8(8),
  /** TensorFlow's quantised unsigned 8-bit. */
  QUINT8(8),
  /** TensorFlow's quantised signed 16-bit. */
  QINT16(16),
  /** TensorFlow's quantised unsigned 16-bit. */
  QUINT16(16),
  /** TensorFlow's quantised signed 32-bit. */
  QINT32(32);

  private final int bits;

  ElementType(int bits) {
    this.bits = bits;
  }

  /** Bits of one element, or 0 where elements have no fixed size. */
  public int bits() {
    return bits;
  }

  /** Whether all elements have the same size. */
  public boolean isFixedSize() {
    return bits > 0;
  }

  /**
   * Bytes of a packed buffer of {@code elements} elements.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} when the size does not fit in 63 bits or
   *     the type has no fixed size
   */
  public long bytes(long elements) {
    if (!isFixedSize()) {
      throw new VaccelException(Reason.TENSOR_INVALID, this + " elements have no fixed size");
    }
    try {
      return Math.addExact(Math.multiplyExact(elements, (long) bits), 7) / 8;
    } catch (ArithmeticException e) {
      throw new VaccelException(
              Reason.TENSOR_INVALID,
              elements + " elements of " + this + " overflow a 63-bit size",
              e)
          .about("shape");
    }
  }
}
