package io.vaccel.backend.image;

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
