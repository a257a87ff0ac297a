package io.vaccel.guest;

import io.vaccel.ElementType;
import io.vaccel.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Writes a map of pixels as numpy's {@code .npy}, version 1.0 of its format. */
final class NpyFile {
  private static final String MAGIC = "\u0093NUMPY\u0001\u0000";

  /** The data begins at a multiple of this. */
  private static final int ALIGNMENT = 64;

  private NpyFile() {}

  /** Writes rows and columns of UINT16 or FLOAT32. */
  static void write(Path file, Tensor map) {
    String type = map.type() == ElementType.UINT16 ? "<u2" : "<f4";
    String header =
        "{'descr': '"
            + type
            + "', 'fortran_order': False, 'shape': ("
            + map.shape().dimension(0)
            + ", "
            + map.shape().dimension(1)
            + "), }";
    int before = MAGIC.length() + Short.BYTES;
    int padding = ALIGNMENT - (before + header.length() + 1) % ALIGNMENT;
    String padded = header + " ".repeat(padding) + "\n";
    ByteBuffer start = ByteBuffer.allocate(before + padded.length());
    start.put(MAGIC.getBytes(StandardCharsets.ISO_8859_1));
    start.put((byte) padded.length()).put((byte) (padded.length() >> 8));
    start.put(padded.getBytes(StandardCharsets.US_ASCII));
    OutputFile.write(file, start.flip(), map.data());
  }
}
