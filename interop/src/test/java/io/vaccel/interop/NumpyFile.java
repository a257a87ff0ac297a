package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * NumPy's file format, version 1.0, for arrays in C order: what tests give to the command line, and
 * what they read of it. Apart from the program's own reader and writer on purpose.
 *
 * @param header the dictionary that describes the array
 * @param data the elements, little-endian
 */
record NumpyFile(String header, ByteBuffer data) {
  private static final int PREFIX_BYTES = 10;
  private static final int ALIGNMENT = 64;

  /** Writes an array of binary32 numbers. */
  static Path write(Path file, int[] shape, float... values) throws IOException {
    String sizes = Arrays.toString(shape).replace('[', '(').replace(']', ',');
    String described = "{'descr': '<f4', 'fortran_order': False, 'shape': " + sizes + "), }";
    int padding = ALIGNMENT - (PREFIX_BYTES + described.length() + 1) % ALIGNMENT;
    byte[] header = (described + " ".repeat(padding) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer bytes =
        ByteBuffer.allocate(PREFIX_BYTES + header.length + values.length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII)).putShort((short) 1);
    bytes.putShort((short) header.length).put(header).asFloatBuffer().put(values);
    return Files.write(file, bytes.array());
  }

  /** Reads an array whose description must hold these texts. */
  static NumpyFile read(Path file, String... described) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.get(6)).as("version").isEqualTo((byte) 1);
    int length = bytes.getShort(PREFIX_BYTES - Short.BYTES);
    String header = new String(bytes.array(), PREFIX_BYTES, length, StandardCharsets.US_ASCII);
    assertThat(header).contains(described).contains("'fortran_order': False");
    return new NumpyFile(
        header, bytes.position(PREFIX_BYTES + length).slice().order(ByteOrder.LITTLE_ENDIAN));
  }

  /** The elements as binary32 numbers. */
  float[] floats() {
    float[] values = new float[data.remaining() / Float.BYTES];
    data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  /** The elements as unsigned 16-bit integers. */
  int[] shorts() {
    int[] values = new int[data.remaining() / Short.BYTES];
    Arrays.setAll(values, i -> Short.toUnsignedInt(data.getShort(i * Short.BYTES)));
    return values;
  }
}
