package io.vaccel.backend.image;

import io.vaccel.Image;
import io.vaccel.PixelFormat;
import io.vaccel.Reason;
import io.vaccel.TransformImage;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;

/** Pixels to work on, one byte a channel, interleaved, row by row without padding. */
final class PixelBytes {
  private final int width;
  private final int height;
  private final PixelFormat format;
  private final byte[] data;

  private PixelBytes(int width, int height, PixelFormat format, byte[] data) {
    this.width = width;
    this.height = height;
    this.format = format;
    this.data = data;
  }

  /** A copy of an image's pixels. */
  static PixelBytes of(Image.Raw image) {
    PixelBytes raster = blank(image.width(), image.height(), image.format());
    image.data().get(raster.data);
    return raster;
  }

  /** A decoded picture, upright, in RGB8. */
  static PixelBytes of(Picture picture) {
    Pixels pixels = picture.pixels();
    PixelBytes stored = blank(pixels.width(), pixels.height(), PixelFormat.RGB8);
    byte[] row = new byte[pixels.width() * 3];
    for (int y = 0; y < pixels.height(); y++) {
      pixels.row(y, 0, pixels.width(), row);
      System.arraycopy(row, 0, stored.data, y * row.length, row.length);
    }
    Orientation turn = picture.orientation();
    return turn.equals(Orientation.UPRIGHT)
        ? stored
        : ImageFunctions.mapped(
            stored,
            turn.transposed(),
            turn.transposed() ? turn.flippedY() : turn.flippedX(),
            turn.transposed() ? turn.flippedX() : turn.flippedY());
  }

  /**
   * Zeros.
   *
   * @throws VaccelException {@link Reason#IMAGE_TOO_LARGE}, or {@link Reason#QUOTA_EXCEEDED} when
   *     there is no memory
   */
  static PixelBytes blank(int width, int height, PixelFormat format) {
    if ((long) width * height > TransformImage.MAX_PIXELS) {
      throw new VaccelException(
          Reason.IMAGE_TOO_LARGE,
          "a picture of "
              + width
              + " x "
              + height
              + " pixels would result, the limit is "
              + TransformImage.MAX_PIXELS
              + " pixels");
    }
    try {
      return new PixelBytes(
          width, height, format, new byte[width * height * format.bytesPerPixel()]);
    } catch (OutOfMemoryError e) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED,
          "there is no memory for a picture of " + width + " x " + height + " pixels",
          e);
    }
  }

  Image.Raw image() {
    return new Image.Raw(width, height, format, ByteBuffer.wrap(data));
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  PixelFormat format() {
    return format;
  }

  /** All of it, not copied. */
  byte[] data() {
    return data;
  }

  int channels() {
    return format.bytesPerPixel();
  }

  int at(int x, int y, int channel) {
    return data[(y * width + x) * channels() + channel] & 0xff;
  }

  void put(int x, int y, int channel, int value) {
    data[(y * width + x) * channels() + channel] = (byte) value;
  }

  /** The nearest index from 0 to {@code size} - 1, mirrored at the pixel of the edge. */
  static int mirrored(int index, int size) {
    int i = index;
    while (i < 0 || i >= size) {
      if (size == 1) {
        return 0;
      }
      i = i < 0 ? -i : 2 * size - 2 - i;
    }
    return i;
  }
}
