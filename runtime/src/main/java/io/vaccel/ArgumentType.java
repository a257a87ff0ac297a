package io.vaccel;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The types of arguments of exec and of generic calls: vAccel's {@code vaccel_arg_type_t}, with the
 * numbers that its C interface uses.
 */
public enum ArgumentType {
  /** Bytes without meaning. */
  RAW(0, 1, true),
  /** One 8-bit integer. */
  INT8(1, 1, false),
  /** 8-bit integers. */
  INT8_ARRAY(2, 1, true),
  /** One 16-bit integer. */
  INT16(3, 2, false),
  /** 16-bit integers. */
  INT16_ARRAY(4, 2, true),
  /** One 32-bit integer. */
  INT32(5, 4, false),
  /** 32-bit integers. */
  INT32_ARRAY(6, 4, true),
  /** One 64-bit integer. */
  INT64(7, 8, false),
  /** 64-bit integers. */
  INT64_ARRAY(8, 8, true),
  /** One unsigned 8-bit integer. */
  UINT8(9, 1, false),
  /** Unsigned 8-bit integers. */
  UINT8_ARRAY(10, 1, true),
  /** One unsigned 16-bit integer. */
  UINT16(11, 2, false),
  /** Unsigned 16-bit integers. */
  UINT16_ARRAY(12, 2, true),
  /** One unsigned 32-bit integer. */
  UINT32(13, 4, false),
  /** Unsigned 32-bit integers. */
  UINT32_ARRAY(14, 4, true),
  /** One unsigned 64-bit integer. */
  UINT64(15, 8, false),
  /** Unsigned 64-bit integers. */
  UINT64_ARRAY(16, 8, true),
  /** One IEEE 754 binary32. */
  FLOAT32(17, 4, false),
  /** IEEE 754 binary32 numbers. */
  FLOAT32_ARRAY(18, 4, true),
  /** One IEEE 754 binary64. */
  FLOAT64(19, 8, false),
  /** IEEE 754 binary64 numbers. */
  FLOAT64_ARRAY(20, 8, true),
  /** One byte, 0 or 1. */
  BOOL(21, 1, false),
  /** Bytes, each 0 or 1. */
  BOOL_ARRAY(22, 1, true),
  /** One C {@code char}. */
  CHAR(23, 1, false),
  /** C {@code char}s, not ended by NUL. */
  CHAR_ARRAY(24, 1, true),
  /** One C {@code unsigned char}. */
  UCHAR(25, 1, false),
  /** C {@code unsigned char}s. */
  UCHAR_ARRAY(26, 1, true),
  /** Characters ended by one NUL, which counts. */
  STRING(27, 1, true),
  /** A block of memory. */
  BUFFER(28, 1, true),
  /** A type of the application's own, told apart by {@link Argument#customTypeId}. */
  CUSTOM(29, 1, true);

  private static final Map<Integer, ArgumentType> BY_NUMBER =
      Arrays.stream(values()).collect(Collectors.toMap(ArgumentType::number, Function.identity()));

  private final int number;
  private final int elementBytes;
  private final boolean many;

  ArgumentType(int number, int elementBytes, boolean many) {
    this.number = number;
    this.elementBytes = elementBytes;
    this.many = many;
  }

  /** The type with vAccel's number, 0 to 29. */
  public static Optional<ArgumentType> numbered(int number) {
    return Optional.ofNullable(BY_NUMBER.get(number));
  }

  /** vAccel's number, 0 to 29. */
  public int number() {
    return number;
  }

  /** Bytes of one element. */
  public int elementBytes() {
    return elementBytes;
  }

  /** Whether there may be any number of elements, rather than exactly one. */
  public boolean isMany() {
    return many;
  }
}
