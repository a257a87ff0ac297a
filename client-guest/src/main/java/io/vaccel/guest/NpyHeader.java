package io.vaccel.guest;

import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a {@code .npy} file (source: NumPy's {@code numpy/lib/format.py}, versions 1 to 3).
 *
 * @param type the elements
 * @param fortranOrder whether the first dimension varies fastest
 * @param shape the dimensions
 * @param length bytes of the header, all that is before the elements
 */
record NpyHeader(NpyType type, boolean fortranOrder, Shape shape, int length) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MAX_LENGTH = 1 << 16;
  private static final int ALIGNMENT = 64;

  /** They take no bytes in the file but some in memory. */
  private static final int MAX_EMPTY_TEXTS = 1 << 16;

  /** A Python dictionary with these three keys, which NumPy writes in this order. */
  private static final Pattern DICTIONARY =
      Pattern.compile(
          "\\{'descr': '([^']{1,64})', 'fortran_order': (True|False), 'shape': \\(([0-9, ]*)\\),? *\\}"
              + " *\\n?");

  /**
   * Reads it.
   *
   * @param name how errors name the file
   * @throws VaccelException {@link Reason#TENSOR_INVALID} when it is none, or of an array that is
   *     no tensor
   */
  static NpyHeader read(String name, InputStream in) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2
        || !Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw invalid(name, "is no NumPy file");
    }
    int major = start[MAGIC.length];
    if (major < 1 || major > 3) {
      throw invalid(name, "is a NumPy file of version " + major + "; 1 to 3 can be read");
    }
    int sizeBytes = major == 1 ? 2 : 4;
    byte[] size = Arrays.copyOf(in.readNBytes(sizeBytes), 4);
    long length = ByteBuffer.wrap(size).order(ByteOrder.LITTLE_ENDIAN).getInt() & 0xffffffffL;
    if (length > MAX_LENGTH) {
      throw invalid(name, "has a header of " + length + " bytes, the limit is " + MAX_LENGTH);
    }
    byte[] text = in.readNBytes((int) length);
    if (text.length < length) {
      throw invalid(name, "is cut off");
    }
    return parse(
        name, new String(text, StandardCharsets.UTF_8), MAGIC.length + 2 + sizeBytes + text.length);
  }

  private static NpyHeader parse(String name, String text, int length) {
    Matcher matcher = DICTIONARY.matcher(text);
    if (!matcher.matches()) {
      throw invalid(
          name,
          "has a header that is none of a plain array"
              + (text.contains("'descr': [") ? " (arrays of records are no tensors)" : ""));
    }
    String descr = matcher.group(1);
    if (descr.endsWith("O")) {
      throw invalid(name, "holds Python objects, which are never read; save numbers or text");
    }
    NpyType type =
        NpyType.of(descr)
            .orElseThrow(
                () -> invalid(name, "has elements of type '" + descr + "', not supported"));
    try {
      String dimensions = matcher.group(3).replace(" ", "");
      long[] sizes =
          Arrays.stream(dimensions.split(","))
              .filter(part -> !part.isEmpty())
              .mapToLong(Long::parseLong)
              .toArray();
      return new NpyHeader(type, matcher.group(2).equals("True"), Shape.of(sizes), length);
    } catch (NumberFormatException e) {
      throw invalid(name, "has a dimension that is no number below 2^63");
    }
  }

  /**
   * Bytes of the elements.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} when that is more than one buffer holds
   */
  int dataBytes(String name) {
    long elements = shape.elements();
    if (type.bytes() == 0 && elements > MAX_EMPTY_TEXTS) {
      throw invalid(name, "claims " + elements + " texts without a character");
    }
    if (type.bytes() > 0 && elements > Integer.MAX_VALUE / type.bytes()) {
      throw invalid(
          name, "has " + elements + " elements of " + type.bytes() + " bytes; 2 GiB are possible");
    }
    return (int) (elements * type.bytes());
  }

  /** What NumPy writes for an array of this kind. */
  static byte[] write(String descr, Shape shape) {
    StringBuilder sizes = new StringBuilder();
    for (long dimension : shape.dimensions()) {
      sizes.append(dimension).append(", ");
    }
    if (shape.rank() == 1) {
      sizes.setLength(sizes.length() - 1);
    } else if (shape.rank() > 1) {
      sizes.setLength(sizes.length() - 2);
    }
    String text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
    int unpadded = MAGIC.length + 4 + text.length() + 1;
    int padding = (ALIGNMENT - unpadded % ALIGNMENT) % ALIGNMENT;
    String padded = text + " ".repeat(padding) + "\n";
    ByteBuffer header =
        ByteBuffer.allocate(MAGIC.length + 4 + padded.length()).order(ByteOrder.LITTLE_ENDIAN);
    header.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) padded.length());
    header.put(padded.getBytes(StandardCharsets.US_ASCII));
    return header.array();
  }

  static VaccelException invalid(String name, String what) {
    return new VaccelException(Reason.TENSOR_INVALID, name + " " + what);
  }
}
