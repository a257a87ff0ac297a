package io.vaccel.guest;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonPrimitive;
import io.vaccel.ElementType;
import io.vaccel.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The elements of a tensor one by one, for people and scripts. */
final class TensorValues {
  private final Tensor tensor;
  private final List<byte[]> texts;

  TensorValues(Tensor tensor) {
    this.tensor = tensor;
    this.texts = tensor.type() == ElementType.STRING ? tensor.strings() : List.of();
  }

  /** How many can be shown: none of a type that is neither a number nor text. */
  long count() {
    return switch (tensor.type()) {
      case COMPLEX64, COMPLEX128, INT4 -> 0;
      default -> tensor.shape().elements();
    };
  }

  /** Whether {@link #number} has them. */
  boolean areNumbers() {
    return count() > 0 && tensor.type() != ElementType.STRING;
  }

  /** One element as it is best written: a whole number, a number, or text. */
  JsonElement value(int index) {
    ByteBuffer data = tensor.data();
    return switch (tensor.type()) {
      case STRING -> new JsonPrimitive(new String(texts.get(index), StandardCharsets.UTF_8));
      case BOOL -> new JsonPrimitive(data.get(index) != 0);
      case FLOAT16, BFLOAT16, FLOAT32 -> Json.number((float) number(index));
      case FLOAT64 -> {
        double value = number(index);
        yield Double.isFinite(value) ? new JsonPrimitive(value) : JsonNull.INSTANCE;
      }
      case INT64 -> new JsonPrimitive(data.getLong(index * 8));
      case UINT64 ->
          new JsonPrimitive(
              new java.math.BigInteger(Long.toUnsignedString(data.getLong(index * 8))));
      default -> new JsonPrimitive((long) number(index));
    };
  }

  /** One element as a number; whole ones over 2^53 are rounded. */
  double number(int index) {
    ByteBuffer data = tensor.data();
    return switch (tensor.type()) {
      case BOOL, UINT8, QUINT8 -> data.get(index) & 0xff;
      case INT8, QINT8 -> data.get(index);
      case UINT16, QUINT16 -> data.getShort(index * 2) & 0xffff;
      case INT16, QINT16 -> data.getShort(index * 2);
      case UINT32 -> data.getInt(index * 4) & 0xffffffffL;
      case INT32, QINT32 -> data.getInt(index * 4);
      case INT64, UINT64 -> data.getLong(index * 8);
      case FLOAT16 -> half(data.getShort(index * 2));
      case BFLOAT16 -> Float.intBitsToFloat(data.getShort(index * 2) << 16);
      case FLOAT32 -> data.getFloat(index * 4);
      case FLOAT64 -> data.getDouble(index * 8);
      case STRING, COMPLEX64, COMPLEX128, INT4 ->
          throw new IllegalArgumentException(tensor.toString());
    };
  }

  /** The value of an IEEE 754 binary16. */
  static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude =
        exponent == 0x1f
            ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
            : exponent == 0
                ? Math.scalb((double) fraction, -24)
                : Math.scalb((double) (fraction | 0x400), exponent - 25);
    return bits < 0 ? -magnitude : magnitude;
  }
}
