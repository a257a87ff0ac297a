package io.vaccel.backend.tflite;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The engine's form of a string tensor: their count, the offset of each and of the end, all 32-bit,
 * then the bytes (source: {@code tensorflow/lite/string_util.h}).
 */
final class StringTensor {
  private StringTensor() {}

  /**
   * Bytes of the engine's form.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} when they do not fit in a buffer
   */
  static int packedBytes(Tensor tensor) {
    // In place of its length each string has an offset; their count and the end are added.
    long bytes = tensor.sizeBytes() + 2L * Integer.BYTES;
    if (bytes > Integer.MAX_VALUE) {
      throw new VaccelException(
          Reason.TENSOR_INVALID, "input '" + tensor.name() + "' has more strings than fit");
    }
    return (int) bytes;
  }

  /** Writes the engine's form. */
  static void pack(Tensor tensor, ByteBuffer packed) {
    ByteBuffer data = tensor.data();
    ByteBuffer to = packed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int count = (int) tensor.shape().elements();
    to.putInt(count);
    int end = (count + 2) * Integer.BYTES;
    while (data.hasRemaining()) {
      int length = data.getInt();
      to.putInt(end).put(end, data, data.position(), length);
      data.position(data.position() + length);
      end += length;
    }
    to.putInt(end);
  }

  /**
   * Ours.
   *
   * @param packed what the engine wrote; checked, for the engine may have been fooled
   */
  static Tensor unpack(String name, Shape shape, ByteBuffer packed) {
    ByteBuffer from = packed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    try {
      int count = from.limit() == 0 ? 0 : from.getInt(0);
      Objects.checkIndex(count, Math.max(1, from.limit() / Integer.BYTES - 1));
      int begin = count == 0 ? 0 : from.getInt(Integer.BYTES);
      int bytes = count == 0 ? 0 : from.getInt((count + 1) * Integer.BYTES) - begin;
      Objects.checkFromIndexSize(begin, bytes, from.limit());
      ByteBuffer data =
          ByteBuffer.allocateDirect(Math.addExact(count * Integer.BYTES, bytes))
              .order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < count; i++) {
        int end = from.getInt((i + 2) * Integer.BYTES);
        data.putInt(end - begin).put(data.position(), from, begin, end - begin);
        data.position(data.position() + end - begin);
        begin = end;
      }
      if (count == shape.elements()) {
        return Tensor.of(name, ElementType.STRING, shape, data.flip());
      }
    } catch (IndexOutOfBoundsException | BufferOverflowException | ArithmeticException e) {
      throw noStrings(name, e);
    }
    throw noStrings(name, null);
  }

  private static VaccelException noStrings(String name, Throwable cause) {
    return new VaccelException(
        Reason.ENGINE_FAILED, "the model wrote no strings into output '" + name + "'", cause);
  }
}
