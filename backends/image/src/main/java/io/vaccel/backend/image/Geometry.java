package io.vaccel.backend.image;

import java.util.Optional;

/**
 * Which part of a picture goes where in the model's input; in pixels, of the picture as it is to be
 * seen.
 *
 * @param source what is taken
 * @param target where it goes; covers the whole input but for {@code fit}
 */
record Geometry(Box source, Box target) {

  /** A rectangle. */
  record Box(int left, int top, int width, int height) {}

  /** For a picture of this size. */
  static Geometry of(Metadata.Input input, int width, int height) {
    Box whole = new Box(0, 0, width, height);
    Box all = new Box(0, 0, input.width(), input.height());
    return switch (input.resize()) {
      case STRETCH -> new Geometry(whole, all);
      case CROP -> new Geometry(cropped(input, width, height), all);
      case FIT -> new Geometry(whole, fitted(input, width, height));
    };
  }

  /**
   * A square of the picture, of which parts may lie outside; those keep the value of the mean.
   *
   * @param x its middle, in pixels of the picture
   * @param y its middle
   * @param side at least 1
   * @return empty when nothing of the picture would be seen
   */
  static Optional<Geometry> around(
      double x, double y, double side, Metadata.Input input, int width, int height) {
    int left = (int) Math.max(0, Math.floor(x - side / 2));
    int top = (int) Math.max(0, Math.floor(y - side / 2));
    int right = (int) Math.min(width, Math.ceil(x + side / 2));
    int bottom = (int) Math.min(height, Math.ceil(y + side / 2));
    if (right <= left || bottom <= top) {
      return Optional.empty();
    }
    double scaleX = input.width() / side;
    double scaleY = input.height() / side;
    int atX = clamp(Math.round((left - x + side / 2) * scaleX), 0, input.width() - 1);
    int atY = clamp(Math.round((top - y + side / 2) * scaleY), 0, input.height() - 1);
    Box target =
        new Box(
            atX,
            atY,
            clamp(Math.round((right - left) * scaleX), 1, input.width() - atX),
            clamp(Math.round((bottom - top) * scaleY), 1, input.height() - atY));
    return Optional.of(new Geometry(new Box(left, top, right - left, bottom - top), target));
  }

  /** The place in the picture, in pixels from the left, of a place in the input. */
  double pictureX(double inputX) {
    return source.left + (inputX - target.left) * source.width / target.width;
  }

  /** The place in the picture, in pixels from the top, of a place in the input. */
  double pictureY(double inputY) {
    return source.top + (inputY - target.top) * source.height / target.height;
  }

  /** The place in the input, in pixels from the left, of a place in the picture. */
  double inputX(double pictureX) {
    return target.left + (pictureX - source.left) * target.width / source.width;
  }

  /** The place in the input, in pixels from the top, of a place in the picture. */
  double inputY(double pictureY) {
    return target.top + (pictureY - source.top) * target.height / source.height;
  }

  private static int clamp(long value, int least, int most) {
    return (int) Math.max(least, Math.min(most, value));
  }

  /** The largest centred rectangle of the input's proportions, times {@code crop}. */
  private static Box cropped(Metadata.Input input, int width, int height) {
    double scale = Math.min((double) width / input.width(), (double) height / input.height());
    int cropWidth = (int) Math.max(1, Math.floor(input.crop() * (scale * input.width())));
    int cropHeight = (int) Math.max(1, Math.floor(input.crop() * (scale * input.height())));
    return new Box(
        (width - cropWidth + 1) / 2, (height - cropHeight + 1) / 2, cropWidth, cropHeight);
  }

  /** The largest centred rectangle of the picture's proportions. */
  private static Box fitted(Metadata.Input input, int width, int height) {
    double scale = Math.min((double) input.width() / width, (double) input.height() / height);
    int fitWidth = (int) Math.max(1, Math.min(input.width(), Math.round(scale * width)));
    int fitHeight = (int) Math.max(1, Math.min(input.height(), Math.round(scale * height)));
    return new Box(
        (input.width() - fitWidth) / 2, (input.height() - fitHeight) / 2, fitWidth, fitHeight);
  }
}
