package io.vaccel.interop;

import io.vaccel.ElementType;
import io.vaccel.contract.OnnxFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * An ONNX file of any size that takes little disk: it returns the row {@code index} of a table of
 * zeros whose last number is {@link #LAST}.
 */
final class LookupModel {
  /** The numbers of a row, 4 KiB. */
  static final long ROW = 1024;

  static final float LAST = 4711;

  private LookupModel() {}

  static Path write(Path file, long rows) throws IOException {
    long tableBytes = rows * ROW * Float.BYTES;
    byte[] head =
        new OnnxFile("lookup")
            .input("index", ElementType.INT64, 1)
            .node("Gather", List.of("table", "index"), List.of("row"))
            .output("row", ElementType.FLOAT32, 1, ROW)
            .head("table", ElementType.FLOAT32, tableBytes, rows, ROW);
    try (FileChannel sparse =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      sparse.write(ByteBuffer.wrap(head));
      ByteBuffer last = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      sparse.write(last.putFloat(0, LAST), head.length + tableBytes - Float.BYTES);
    }
    return file;
  }
}
