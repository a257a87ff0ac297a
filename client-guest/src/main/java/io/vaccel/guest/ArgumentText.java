package io.vaccel.guest;

import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Arguments of generic calls as people write them: {@code TYPE:VALUE} to read, {@code TYPE:COUNT}
 * for room to write. Types are vAccel's in lower case with {@code -}; the values of arrays are
 * separated by commas, and {@code @FILE} stands for the bytes of a file.
 */
final class ArgumentText {
  private ArgumentText() {}

  /**
   * An argument to read.
   *
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  static Argument parse(String text) {
    ArgumentType type = type(text);
    String value = text.substring(text.indexOf(':') + 1);
    try {
      if (value.startsWith("@")) {
        return Argument.of(type, ByteBuffer.wrap(Files.readAllBytes(Path.of(value.substring(1)))));
      }
      return type == ArgumentType.STRING
          ? Argument.ofString(value)
          : Argument.of(type, numbers(type, value));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + text + "' has a value that is no " + type + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the file of '" + text + "'", e);
    } catch (VaccelException e) {
      throw new IllegalArgumentException("'" + text + "': " + e.text(), e);
    }
  }

  /**
   * Room for so many elements.
   *
   * @throws IllegalArgumentException saying what is wrong with the text
   */
  static Argument room(String text) {
    ArgumentType type = type(text);
    try {
      int count = type.isMany() ? Integer.parseInt(text.substring(text.indexOf(':') + 1)) : 1;
      ByteBuffer zeros = ByteBuffer.allocate(Math.multiplyExact(count, type.elementBytes()));
      return Argument.of(type, zeros);
    } catch (ArithmeticException | IllegalArgumentException | VaccelException e) {
      throw new IllegalArgumentException("'" + text + "' is no TYPE:COUNT", e);
    }
  }

  /** The values of an argument as text, one for each element; bytes as numbers. */
  static List<String> values(Argument argument) {
    if (argument.type() == ArgumentType.STRING) {
      return List.of(argument.string());
    }
    ByteBuffer rest = argument.data();
    List<String> values = new ArrayList<>();
    while (rest.hasRemaining()) {
      values.add(next(argument.type(), rest));
    }
    return values;
  }

  /** The type as it is written here, for instance {@code float32-array}. */
  static String name(ArgumentType type) {
    return type.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static ArgumentType type(String text) {
    String name = text.contains(":") ? text.substring(0, text.indexOf(':')) : text;
    for (ArgumentType type : ArgumentType.values()) {
      if (name(type).equals(name)) {
        return type;
      }
    }
    throw new IllegalArgumentException("'" + name + "' is no type of argument");
  }

  private static ByteBuffer numbers(ArgumentType type, String text) {
    String[] values = text.isEmpty() ? new String[0] : text.split(",", -1);
    ByteBuffer data =
        ByteBuffer.allocate(values.length * type.elementBytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (String value : values) {
      put(type, value.strip(), data);
    }
    return data.flip();
  }

  private static void put(ArgumentType type, String value, ByteBuffer data) {
    switch (type) {
      case FLOAT32, FLOAT32_ARRAY ->
          data.putFloat((float) finite(value, Float.parseFloat(value), "FLOAT32"));
      case FLOAT64, FLOAT64_ARRAY ->
          data.putDouble(finite(value, Double.parseDouble(value), "FLOAT64"));
      case UINT64, UINT64_ARRAY -> data.putLong(Long.parseUnsignedLong(value));
      case INT64, INT64_ARRAY -> data.putLong(Long.parseLong(value));
      case INT32, INT32_ARRAY ->
          data.putInt((int) within(Integer.MIN_VALUE, Integer.MAX_VALUE, value));
      case UINT32, UINT32_ARRAY -> data.putInt((int) within(0, 0xffff_ffffL, value));
      case INT16, INT16_ARRAY ->
          data.putShort((short) within(Short.MIN_VALUE, Short.MAX_VALUE, value));
      case UINT16, UINT16_ARRAY -> data.putShort((short) within(0, 0xffff, value));
      case INT8, INT8_ARRAY -> data.put((byte) within(Byte.MIN_VALUE, Byte.MAX_VALUE, value));
      case UINT8, UINT8_ARRAY, UCHAR, UCHAR_ARRAY -> data.put((byte) within(0, 0xff, value));
      case BOOL, BOOL_ARRAY -> data.put((byte) within(0, 1, value));
      // Whether these bytes have a sign is nobody's business but the caller's.
      case RAW, CHAR, CHAR_ARRAY, BUFFER, CUSTOM ->
          data.put((byte) within(Byte.MIN_VALUE, 0xff, value));
      case STRING -> throw new NumberFormatException("it is a text");
    }
  }

  /** The number, which is refused rather than cut. */
  private static long within(long least, long most, String value) {
    long number = Long.parseLong(value);
    if (number < least || number > most) {
      throw new NumberFormatException(value + " is not " + least + " to " + most);
    }
    return number;
  }

  /** The number, unless it is only infinite because the type cannot hold what was written. */
  private static double finite(String value, double number, String type) {
    if (Double.isInfinite(number) && !value.endsWith("Infinity")) {
      throw new NumberFormatException(value + " is beyond " + type);
    }
    return number;
  }

  private static String next(ArgumentType type, ByteBuffer rest) {
    return switch (type) {
      case FLOAT32, FLOAT32_ARRAY -> Float.toString(rest.getFloat());
      case FLOAT64, FLOAT64_ARRAY -> Double.toString(rest.getDouble());
      case INT8, INT8_ARRAY -> Byte.toString(rest.get());
      case INT16, INT16_ARRAY -> Short.toString(rest.getShort());
      case UINT16, UINT16_ARRAY -> Integer.toString(Short.toUnsignedInt(rest.getShort()));
      case INT32, INT32_ARRAY -> Integer.toString(rest.getInt());
      case UINT32, UINT32_ARRAY -> Integer.toUnsignedString(rest.getInt());
      case INT64, INT64_ARRAY -> Long.toString(rest.getLong());
      case UINT64, UINT64_ARRAY -> Long.toUnsignedString(rest.getLong());
      default -> Integer.toString(Byte.toUnsignedInt(rest.get()));
    };
  }
}
