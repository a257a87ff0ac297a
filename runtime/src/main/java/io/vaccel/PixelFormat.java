package io.vaccel;

/**
 * How the bytes of one raw pixel are laid out, one byte a channel, interleaved, rows top to bottom
 * without padding.
 */
public enum PixelFormat {
  /** One byte of luminance. */
  GRAY8(1),
  /** Red, green, blue. */
  RGB8(3),
  /** Blue, green, red. */
  BGR8(3),
  /** Red, green, blue, alpha (not premultiplied). */
  RGBA8(4);

  private final int bytesPerPixel;

  PixelFormat(int bytesPerPixel) {
    this.bytesPerPixel = bytesPerPixel;
  }

  /** Bytes of one pixel. */
  public int bytesPerPixel() {
    return bytesPerPixel;
  }
}
