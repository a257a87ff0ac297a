package io.vaccel.backend.tflite;

import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The engine's form of a string tensor: their count, the offset of each and of the end, all 32-bit,
 * then the bytes (source: {@code tensorflow/lite/string_util.h}).
 */
final class StringTensor {
  private StringTensor() {}

  /** The engine's form, little-endian; the position is 0. */
  static ByteBuffer pack(Tensor tensor) {
    List<byte[]> values = tensor.strings();
    long header = (values.size() + 2L) * Integer.BYTES;
    long size = header + tensor.sizeBytes() - (long) values.size() * Integer.BYTES;
    if (size > Integer.MAX_VALUE) {
      throw new VaccelException(
          Reason.TENSOR_INVALID, "input '" + tensor.name() + "' has more strings than fit");
    }
    ByteBuffer packed = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
    packed.putInt(values.size());
    int end = (int) header;
    for (byte[] value : values) {
      packed.putInt(end);
      end += value.length;
    }
    packed.putInt(end);
    values.forEach(packed::put);
    return packed.flip();
  }

  /**
   * Ours.
   *
   * @param packed what the engine wrote; checked, for the engine may have been fooled
   */
  static Tensor unpack(String name, Shape shape, ByteBuffer packed) {
    ByteBuffer data = packed.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    List<byte[]> values = new ArrayList<>();
    try {
      int count = data.limit() == 0 ? 0 : data.getInt(0);
      for (int i = 0; i < count; i++) {
        int begin = data.getInt((i + 1) * Integer.BYTES);
        int end = data.getInt((i + 2) * Integer.BYTES);
        if (begin > end) {
          throw new IndexOutOfBoundsException();
        }
        byte[] value = new byte[Math.min(end - begin, data.limit())];
        data.get(begin, value);
        values.add(value);
      }
    } catch (IndexOutOfBoundsException e) {
      throw new VaccelException(
          Reason.ENGINE_FAILED, "the model wrote no strings into output '" + name + "'", e);
    }
    return Tensor.ofStrings(name, shape, values);
  }
}
