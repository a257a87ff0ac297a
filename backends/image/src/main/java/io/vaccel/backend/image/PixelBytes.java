package io.vaccel.backend.reference;

import io.vaccel.Image;
import io.vaccel.PixelFormat;
import io.vaccel.Reason;
import io.vaccel.TransformImage;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;

/** Pixels to work on, one byte a channel, interleaved, row by row without padding. */
final class Raster {
  private final int width;
  private final int height;
  private final PixelFormat format;
  private final byte[] data;

  private Raster(int width, int height, PixelFormat format, byte[] data) {
    this.width = width;
    this.height = height;
    this.format = format;
    this.data = data;
  }

  static Raster of(Image.Raw image) {
    Raster raster = blank(image.width(), image.height(), image.format());
    image.data().get(raster.data);
    return raster;
  }

  /**
   * Zeros.
   *
   * @throws VaccelException {@link Reason#IMAGE_TOO_LARGE}, or {@link Reason#QUOTA_EXCEEDED} when
   *     there is no memory
   */
  static Raster blank(int width, int height, PixelFormat format) {
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
      return new Raster(width, height, format, new byte[width * height * format.bytesPerPixel()]);
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
