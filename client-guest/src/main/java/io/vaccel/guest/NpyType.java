package io.vaccel.guest;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The element type of a NumPy file, as its header writes it: byte order, kind and bytes of an
 * element.
 *
 * @param type ours
 * @param bytes bytes of an element in the file
 * @param bigEndian whether the bytes of its numbers come in the other order
 * @param unicode whether it is text of 32-bit characters rather than bytes
 */
record NpyType(ElementType type, int bytes, boolean bigEndian, boolean unicode) {
  private static final Pattern DESCR = Pattern.compile("([<>|=])([a-zA-Z])(\\d{1,9})");

  /** NumPy has no bfloat16; the usual extension writes it as two bytes of no known kind. */
  private static final Map<String, ElementType> KINDS =
      Map.ofEntries(
          Map.entry("b1", ElementType.BOOL),
          Map.entry("u1", ElementType.UINT8),
          Map.entry("i1", ElementType.INT8),
          Map.entry("u2", ElementType.UINT16),
          Map.entry("i2", ElementType.INT16),
          Map.entry("u4", ElementType.UINT32),
          Map.entry("i4", ElementType.INT32),
          Map.entry("u8", ElementType.UINT64),
          Map.entry("i8", ElementType.INT64),
          Map.entry("f2", ElementType.FLOAT16),
          Map.entry("V2", ElementType.BFLOAT16),
          Map.entry("f4", ElementType.FLOAT32),
          Map.entry("f8", ElementType.FLOAT64),
          Map.entry("c8", ElementType.COMPLEX64),
          Map.entry("c16", ElementType.COMPLEX128));

  /** The type with this description; empty for what no tensor can hold. */
  static Optional<NpyType> of(String descr) {
    Matcher matcher = DESCR.matcher(descr);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    boolean big = matcher.group(1).equals(">");
    String kind = matcher.group(2);
    int size = Integer.parseInt(matcher.group(3));
    if (kind.equals("S")) {
      return Optional.of(new NpyType(ElementType.STRING, size, false, false));
    }
    if (kind.equals("U") && size <= Integer.MAX_VALUE / 4) {
      return Optional.of(new NpyType(ElementType.STRING, 4 * size, big, true));
    }
    return Optional.ofNullable(KINDS.get(kind + size))
        .map(type -> new NpyType(type, size, big, false));
  }

  /**
   * The description of a type of fixed size.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} when NumPy has none
   */
  static String descr(ElementType type) {
    String kind =
        switch (type) {
          case QINT8 -> "i1";
          case QUINT8 -> "u1";
          case QINT16 -> "i2";
          case QUINT16 -> "u2";
          case QINT32 -> "i4";
          default ->
              KINDS.entrySet().stream()
                  .filter(entry -> entry.getValue() == type)
                  .map(Map.Entry::getKey)
                  .findFirst()
                  .orElseThrow(
                      () ->
                          new VaccelException(
                              Reason.TENSOR_INVALID, "NumPy's files cannot hold " + type));
        };
    return (kind.endsWith("1") && kind.length() == 2 ? "|" : "<") + kind;
  }

  /** Bytes of one number, whose order may have to be turned; a complex number has two. */
  int numberBytes() {
    return switch (type) {
      case COMPLEX64, COMPLEX128 -> bytes / 2;
      case STRING -> unicode ? 4 : 1;
      default -> bytes;
    };
  }
}
