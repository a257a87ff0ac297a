package io.vaccel.backend.image;

import static io.vaccel.backend.image.EncodedImage.unreadable;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * Takes a PNG apart into its chunks (PNG specification, third edition, section 5), checks their
 * checksums and keeps the four kinds that make the pixels. Not safe for use by several threads.
 */
final class PngFile {
  private static final int SIGNATURE_BYTES = 8;
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504c5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;
  private static final int EXIF = 0x65584966;

  private final ByteBuffer data;
  private final ImageLimits limits;
  private final Kept kept;
  private Orientation orientation = Orientation.UPRIGHT;
  private int width;
  private int height;
  private int bitsPerPixel;
  private boolean hasPalette;
  private boolean hasData;

  private PngFile(ByteBuffer data, ImageLimits limits, Kept kept) {
    this.data = data;
    this.limits = limits;
    this.kept = kept;
  }

  static EncodedImage parse(ByteBuffer data, ImageLimits limits, Kept kept) {
    return new PngFile(data, limits, kept).parse();
  }

  private EncodedImage parse() {
    kept.write(data.slice(0, SIGNATURE_BYTES));
    data.position(SIGNATURE_BYTES);
    boolean ended = false;
    while (!ended) {
      int start = data.position();
      int length = data.getInt();
      int type = data.getInt();
      if (length < 0) {
        throw unreadable("the PNG is damaged: a chunk has a negative length");
      }
      ByteBuffer body = data.slice(data.position(), length);
      data.position(data.position() + length);
      int checksum = data.getInt();
      if (width == 0 && type != IHDR) {
        throw unreadable("the PNG is damaged: its header is missing");
      }
      if (chunk(type, body)) {
        check(data.slice(start + 4, length + 4), checksum);
        kept.write(data.slice(start, length + 12));
      }
      ended = type == IEND;
    }
    if (!hasData) {
      throw unreadable("the PNG holds no picture");
    }
    long bytes = ((long) width * bitsPerPixel + 7) / 8 * height;
    return new EncodedImage("PNG", width, height, orientation, bytes + kept.size());
  }

  /** Takes note of a chunk; whether the decoder needs it. */
  private boolean chunk(int type, ByteBuffer body) {
    switch (type) {
      case IHDR -> header(body);
      case PLTE -> {
        if (hasPalette || hasData || body.limit() % 3 != 0 || body.limit() > 3 * 256) {
          throw unreadable("the PNG is damaged: its palette is wrong");
        }
        hasPalette = true;
      }
      case IDAT -> hasData = true;
      case IEND -> {}
      case EXIF -> {
        orientation = Orientation.ofExif(body);
        return false;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void header(ByteBuffer body) {
    if (width != 0 || body.limit() != 13) {
      throw unreadable("the PNG is damaged: its header is wrong");
    }
    width = body.getInt(0);
    height = body.getInt(4);
    limits.check(width, height);
    int bits = body.get(8);
    int channels =
        switch (body.get(9)) {
          case 0, 3 -> 1;
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> throw unreadable("the PNG is damaged: it has an unknown colour type");
        };
    boolean usual = bits == 8 || (bits == 16 && body.get(9) != 3);
    boolean small = (bits == 1 || bits == 2 || bits == 4) && channels == 1;
    if (!usual && !small) {
      throw unreadable("the PNG is damaged: " + bits + " bits do not go with its colour type");
    }
    bitsPerPixel = bits * channels;
  }

  private static void check(ByteBuffer typeAndBody, int expected) {
    CRC32 checksum = new CRC32();
    checksum.update(typeAndBody);
    if ((int) checksum.getValue() != expected) {
      throw unreadable("the PNG is damaged: a checksum is wrong");
    }
  }
}
