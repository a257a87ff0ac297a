package io.vaccel.backend.image;

/**
 * A part of a picture at another size, upright.
 *
 * <p>The pixels are still as they were stored; scaling first and turning afterwards gives the same
 * and needs no second copy of a large picture.
 */
final class Scaled {
  private final byte[] rgb;
  private final int storedWidth;
  private final int storedHeight;
  private final Orientation orientation;

  private Scaled(byte[] rgb, int storedWidth, int storedHeight, Orientation orientation) {
    this.rgb = rgb;
    this.storedWidth = storedWidth;
    this.storedHeight = storedHeight;
    this.orientation = orientation;
  }

  /**
   * Scales.
   *
   * @param seen the part, in pixels of the upright picture
   * @param width columns of the result
   * @param height rows of the result
   */
  static Scaled of(
      Picture picture,
      Geometry.Box seen,
      int width,
      int height,
      Metadata.Interpolation interpolation) {
    Orientation how = picture.orientation();
    Pixels pixels = picture.pixels();
    boolean turned = how.transposed();
    int left = turned ? seen.top() : seen.left();
    int top = turned ? seen.left() : seen.top();
    int partWidth = turned ? seen.height() : seen.width();
    int partHeight = turned ? seen.width() : seen.height();
    Geometry.Box stored =
        new Geometry.Box(
            how.flippedX() ? pixels.width() - left - partWidth : left,
            how.flippedY() ? pixels.height() - top - partHeight : top,
            partWidth,
            partHeight);
    int storedWidth = turned ? height : width;
    int storedHeight = turned ? width : height;
    byte[] rgb = new Resampler(interpolation).scale(pixels, stored, storedWidth, storedHeight);
    return new Scaled(rgb, storedWidth, storedHeight, how);
  }

  /** One colour of a pixel of the upright picture, 0 to 255; band 0 is red. */
  int sample(int x, int y, int band) {
    int column = orientation.transposed() ? y : x;
    int row = orientation.transposed() ? x : y;
    column = orientation.flippedX() ? storedWidth - 1 - column : column;
    row = orientation.flippedY() ? storedHeight - 1 - row : row;
    return rgb[(row * storedWidth + column) * 3 + band] & 0xff;
  }
}
