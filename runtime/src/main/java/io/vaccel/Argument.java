package io.vaccel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A typed value that exec and generic calls read or write: vAccel's {@code struct vaccel_arg}.
 *
 * <p>The bytes always fit the type: whoever holds an argument need not check again. The buffer is
 * shared, not copied: the maker must not change it while a call uses it, and readers see a
 * read-only little-endian view whose position is 0. An argument that is to be written is room of
 * the right size; the call returns new arguments and leaves the room alone.
 *
 * @param type what the bytes are
 * @param customTypeId the application's number where the type is {@link ArgumentType#CUSTOM}, else
 *     0; unsigned
 * @param data the value in the C layout of its type
 */
public record Argument(ArgumentType type, int customTypeId, ByteBuffer data) {
  /** The most arguments that a call may read, and the most that it may write. */
  public static final int MAX_COUNT = 256;

  /** Checks that the bytes fit the type. */
  public Argument {
    Objects.requireNonNull(type, "type");
    data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    int bytes = data.remaining();
    if (type.isMany() ? bytes % type.elementBytes() != 0 : bytes != type.elementBytes()) {
      throw invalid(
          "value",
          type
              + (type.isMany() ? " needs a multiple of " : " needs ")
              + type.elementBytes()
              + " bytes, got "
              + bytes);
    }
    if (type == ArgumentType.STRING && (bytes == 0 || data.get(bytes - 1) != 0)) {
      throw invalid("value", "STRING does not end with NUL");
    }
    if (customTypeId != 0 && type != ArgumentType.CUSTOM) {
      throw invalid("custom_type_id", "custom_type_id is set, but the type is " + type);
    }
  }

  /** An argument of a type that is not {@link ArgumentType#CUSTOM}. */
  public static Argument of(ArgumentType type, ByteBuffer data) {
    return new Argument(type, 0, data);
  }

  /** One {@link ArgumentType#UINT8}. */
  public static Argument ofUint8(int value) {
    return of(ArgumentType.UINT8, room(1).put(0, (byte) value));
  }

  /** One {@link ArgumentType#INT32}. */
  public static Argument ofInt32(int value) {
    return of(ArgumentType.INT32, room(Integer.BYTES).putInt(0, value));
  }

  /** One {@link ArgumentType#INT64}. */
  public static Argument ofInt64(long value) {
    return of(ArgumentType.INT64, room(Long.BYTES).putLong(0, value));
  }

  /** One {@link ArgumentType#FLOAT32}. */
  public static Argument ofFloat32(float value) {
    return of(ArgumentType.FLOAT32, room(Float.BYTES).putFloat(0, value));
  }

  /** A {@link ArgumentType#FLOAT32_ARRAY}; the values are copied. */
  public static Argument ofFloats(float... values) {
    ByteBuffer data = room(Math.multiplyExact(values.length, Float.BYTES));
    data.asFloatBuffer().put(values);
    return of(ArgumentType.FLOAT32_ARRAY, data);
  }

  /**
   * A {@link ArgumentType#STRING}, in UTF-8.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when there is a NUL in it
   */
  public static Argument ofString(String text) {
    if (text.indexOf('\0') >= 0) {
      throw invalid("value", "STRING has a NUL inside");
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return of(ArgumentType.STRING, room(bytes.length + 1).put(bytes).rewind());
  }

  /** Room of this many zero bytes, for a value that a call writes. */
  public static Argument room(ArgumentType type, int bytes) {
    return of(type, room(bytes));
  }

  /** A read-only little-endian view of the value, with its own position. */
  @Override
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Bytes of the value. */
  public int sizeBytes() {
    return data.remaining();
  }

  /** The same argument with another value of the same type. */
  public Argument withData(ByteBuffer newData) {
    return new Argument(type, customTypeId, newData);
  }

  /**
   * The characters of a {@link ArgumentType#STRING} up to the first NUL, in UTF-8; bytes that are
   * none become U+FFFD.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for another type
   */
  public String string() {
    ByteBuffer rest = require(ArgumentType.STRING);
    int length = 0;
    while (rest.get(length) != 0) {
      length++;
    }
    return StandardCharsets.UTF_8.decode(rest.limit(length)).toString();
  }

  /**
   * The value, once the type is the wanted one.
   *
   * @return {@link #data}
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for another type
   */
  public ByteBuffer require(ArgumentType wanted) {
    if (type != wanted) {
      throw invalid("type", "is " + type + ", not " + wanted);
    }
    return data();
  }

  /** Type and size, for instance {@code FLOAT32_ARRAY of 16 bytes}; never the value. */
  @Override
  public String toString() {
    return type + " of " + sizeBytes() + " bytes";
  }

  private static ByteBuffer room(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static VaccelException invalid(String field, String what) {
    return new VaccelException(Reason.ARGUMENT_INVALID, "argument: " + what).about(field);
  }
}
