package io.vaccel.backend.image;

import static io.vaccel.backend.image.EncodedImage.unreadable;

import java.nio.ByteBuffer;

/**
 * Takes a JPEG apart into its segments (ITU-T T.81, annex B) and keeps those that make the pixels.
 *
 * <p>The JDK's decoder fills up a JPEG that is cut off with grey and only warns, so the end marker
 * is required here. Not safe for use by several threads.
 */
final class JpegFile {
  /** Progressive files have about ten; thousands would keep a processor busy for minutes. */
  private static final int MAX_SCANS = 100;

  private static final int SOF0 = 0xc0;
  private static final int SOF1 = 0xc1;
  private static final int SOF2 = 0xc2;
  private static final int DHT = 0xc4;
  private static final int RST0 = 0xd0;
  private static final int RST7 = 0xd7;
  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int DQT = 0xdb;
  private static final int DRI = 0xdd;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;

  private final ByteBuffer data;
  private final ImageLimits limits;
  private final Kept kept;
  private Orientation orientation = Orientation.UPRIGHT;
  private int width;
  private int height;
  private int components;
  private boolean progressive;
  private int scans;

  private JpegFile(ByteBuffer data, ImageLimits limits, Kept kept) {
    this.data = data;
    this.limits = limits;
    this.kept = kept;
  }

  static EncodedImage parse(ByteBuffer data, ImageLimits limits, Kept kept) {
    return new JpegFile(data, limits, kept).parse();
  }

  private EncodedImage parse() {
    data.position(2);
    marker(SOI);
    for (int marker = next(); marker != EOI; marker = next()) {
      segment(marker);
    }
    marker(EOI);
    if (scans == 0) {
      throw unreadable("the JPEG holds no picture");
    }
    // libjpeg holds the coefficients of a progressive picture, two bytes each, until its end.
    long bytes = (long) width * height * components * (progressive ? 3 : 1);
    return new EncodedImage("JPEG", width, height, orientation, bytes + kept.size());
  }

  /** The next marker; what lies before it is skipped, as every decoder does it. */
  private int next() {
    while (true) {
      while ((data.get() & 0xff) != 0xff) {
        // Not a marker.
      }
      int code = 0xff;
      while (code == 0xff) {
        code = data.get() & 0xff;
      }
      if (code != 0) {
        return code;
      }
    }
  }

  private void segment(int marker) {
    if (marker == SOI || marker == 1 || (marker >= RST0 && marker <= RST7)) {
      throw unreadable("the JPEG is damaged: a marker is out of place");
    }
    int length = (data.getShort() & 0xffff) - 2;
    if (length < 0) {
      throw unreadable("the JPEG is damaged: a segment is too short");
    }
    ByteBuffer body = data.slice(data.position(), length);
    data.position(data.position() + length);
    switch (marker) {
      case DHT, DQT, DRI -> keep(marker, body);
      case APP0 -> keepIf("JFIF\0", marker, body);
      case APP14 -> keepIf("Adobe", marker, body);
      case APP1 -> exif(body);
      case SOS -> scan(body);
      default -> {
        if (marker >= SOF0 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc) {
          frame(marker, body);
        }
      }
    }
  }

  private void frame(int marker, ByteBuffer body) {
    if (marker != SOF0 && marker != SOF1 && marker != SOF2) {
      throw unreadable(
          "the JPEG is lossless, hierarchical or arithmetically coded, which is not supported");
    }
    if (width != 0) {
      throw unreadable("the JPEG is damaged: it has two headers");
    }
    int bits = body.get(0);
    height = body.getShort(1) & 0xffff;
    width = body.getShort(3) & 0xffff;
    components = body.get(5);
    progressive = marker == SOF2;
    limits.check(width, height);
    if (bits != 8) {
      throw unreadable("the JPEG has " + bits + " bits a sample, 8 are supported");
    }
    if (components == 4) {
      throw unreadable("the JPEG is in CMYK, which is not supported; save it as RGB");
    }
    if (components != 1 && components != 3) {
      throw unreadable("the JPEG has " + components + " channels, 1 and 3 are supported");
    }
    keep(marker, body);
  }

  private void scan(ByteBuffer body) {
    if (width == 0) {
      throw unreadable("the JPEG is damaged: its header is missing");
    }
    if (++scans > MAX_SCANS) {
      throw unreadable("the JPEG has more than " + MAX_SCANS + " scans");
    }
    keep(SOS, body);
    int start = data.position();
    int end = start;
    while (true) {
      while (data.get(end) != (byte) 0xff) {
        end++;
      }
      int code = data.get(end + 1) & 0xff;
      if (code != 0 && code != 0xff && (code < RST0 || code > RST7)) {
        break;
      }
      end += code == 0xff ? 1 : 2;
    }
    kept.write(data.slice(start, end - start));
    data.position(end);
  }

  private void exif(ByteBuffer body) {
    if (startsWith("Exif\0\0", body)) {
      orientation = Orientation.ofExif(body.slice(6, body.limit() - 6));
    }
  }

  private void keepIf(String start, int marker, ByteBuffer body) {
    if (startsWith(start, body)) {
      keep(marker, body);
    }
  }

  private static boolean startsWith(String start, ByteBuffer body) {
    boolean same = body.limit() >= start.length();
    for (int i = 0; same && i < start.length(); i++) {
      same = body.get(i) == start.charAt(i);
    }
    return same;
  }

  private void marker(int code) {
    kept.write(0xff);
    kept.write(code);
  }

  private void keep(int marker, ByteBuffer body) {
    marker(marker);
    int length = body.limit() + 2;
    kept.write(length >> 8);
    kept.write(length);
    kept.write(body);
  }
}
