package io.vaccel.backend.image;

import static io.vaccel.backend.image.EncodedImage.unreadable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * Checks the header of a BMP (Microsoft's BITMAPFILEHEADER and BITMAPINFOHEADER) before a decoder
 * trusts it. Run-length encoding, and the kinds that wrap a JPEG or a PNG, are not supported.
 */
final class BmpFile {
  private static final int FILE_SIZE = 2;
  private static final int FILE_HEADER_BYTES = 14;
  private static final int CORE_HEADER_BYTES = 12;

  /** Headers from this one on name a colour space. */
  private static final int V4_HEADER_BYTES = 108;

  private static final Set<Integer> HEADER_BYTES = Set.of(12, 40, 52, 56, 108, 124);
  private static final Set<Integer> BITS = Set.of(1, 4, 8, 16, 24, 32);
  private static final int PLAIN = 0;
  private static final int BIT_FIELDS = 3;
  private static final int MAX_COLORS = 256;
  private static final int COLOR_SPACE = 70;
  private static final int SRGB = 0x73524742;

  private BmpFile() {}

  static EncodedImage parse(ByteBuffer file, ImageLimits limits, Kept kept) {
    ByteBuffer data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
    long offset = data.getInt(10) & 0xffffffffL;
    int header = data.getInt(14);
    if (!HEADER_BYTES.contains(header)) {
      throw unreadable("the BMP is damaged: its header has " + header + " bytes");
    }
    boolean core = header == CORE_HEADER_BYTES;
    long width = core ? data.getShort(18) & 0xffff : data.getInt(18);
    long height = core ? data.getShort(20) & 0xffff : Math.abs((long) data.getInt(22));
    limits.check(width, height);
    int bits = data.getShort(core ? 24 : 28);
    int compression = core ? PLAIN : data.getInt(30);
    boolean fields = compression == BIT_FIELDS && (bits == 16 || bits == 32);
    if (!BITS.contains(bits) || (compression != PLAIN && !fields)) {
      throw unreadable(
          "the BMP has "
              + bits
              + " bits a pixel and compression "
              + compression
              + ", which is not supported; save it uncompressed with 24 bits");
    }
    if (!core && Integer.compareUnsigned(data.getInt(46), MAX_COLORS) > 0) {
      throw unreadable("the BMP is damaged: its palette is wrong");
    }
    long row = (width * bits + 31) / 32 * 4;
    if (offset < FILE_HEADER_BYTES + header || offset + row * height > data.limit()) {
      throw unreadable(
          "the BMP is cut off: it ends after "
              + data.limit()
              + " bytes, its pixels after "
              + (offset + row * height));
    }
    copy(data, header >= V4_HEADER_BYTES, kept);
    return new EncodedImage(
        "BMP", (int) width, (int) height, Orientation.UPRIGHT, width * height * 4 + kept.size());
  }

  /** With the true size, which many writers leave out, and without the colour profile. */
  private static void copy(ByteBuffer data, boolean hasColorSpace, Kept kept) {
    kept.write(data.slice(0, FILE_SIZE));
    kept.write(number(data.limit()));
    int rest = FILE_SIZE + Integer.BYTES;
    if (hasColorSpace) {
      kept.write(data.slice(rest, COLOR_SPACE - rest));
      kept.write(number(SRGB));
      rest = COLOR_SPACE + Integer.BYTES;
    }
    kept.write(data.slice(rest, data.limit() - rest));
  }

  private static ByteBuffer number(int value) {
    return ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value);
  }
}
