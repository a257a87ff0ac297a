package io.vaccel.backend.image;

import io.vaccel.Image;
import io.vaccel.PixelFormat;
import java.nio.ByteBuffer;

/** The pixels of an {@link Image.Raw}; alpha is dropped. */
final class RawPixels implements Pixels {
  private final Image.Raw raw;
  private final ByteBuffer data;
  private final PixelFormat format;

  RawPixels(Image.Raw raw) {
    this.raw = raw;
    this.data = raw.data();
    this.format = raw.format();
  }

  @Override
  public int width() {
    return raw.width();
  }

  @Override
  public int height() {
    return raw.height();
  }

  @Override
  public void row(int y, int from, int to, byte[] rgb) {
    int step = format.bytesPerPixel();
    int red = format == PixelFormat.BGR8 ? 2 : 0;
    int green = format == PixelFormat.GRAY8 ? 0 : 1;
    int blue =
        switch (format) {
          case GRAY8, BGR8 -> 0;
          case RGB8, RGBA8 -> 2;
        };
    int at = (y * raw.width() + from) * step;
    for (int i = 0; i < (to - from) * 3; i += 3, at += step) {
      rgb[i] = data.get(at + red);
      rgb[i + 1] = data.get(at + green);
      rgb[i + 2] = data.get(at + blue);
    }
  }
}
