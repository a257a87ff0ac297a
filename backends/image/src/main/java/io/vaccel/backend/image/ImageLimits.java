package io.vaccel.backend.image;

import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;

/**
 * How large pictures may be.
 *
 * @param maxPixels the most pixels of one picture
 */
record ImageLimits(long maxPixels) {
  /** The most pixels of one picture; 64 Mi when not set. */
  static final String MAX_PIXELS = "VACCEL_IMAGE_MAX_PIXELS";

  /** The longest side, in pixels. */
  static final int MAX_SIDE = 32768;

  private static final long DEFAULT_MAX_PIXELS = 64L << 20;

  /**
   * What the settings say.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} naming the setting
   */
  static ImageLimits of(Settings settings) {
    String text = settings.get(MAX_PIXELS).orElse("" + DEFAULT_MAX_PIXELS);
    try {
      long pixels = Long.parseLong(text);
      if (pixels >= 1 && pixels <= (long) MAX_SIDE * MAX_SIDE) {
        return new ImageLimits(pixels);
      }
    } catch (NumberFormatException e) {
      // Said below, together with numbers out of range.
    }
    throw new VaccelException(
        Reason.ARGUMENT_INVALID,
        MAX_PIXELS
            + " must be a number from 1 to "
            + (long) MAX_SIDE * MAX_SIDE
            + ", got '"
            + text
            + "'");
  }

  /**
   * Returns when a picture of this size may be decoded.
   *
   * @throws VaccelException {@link Reason#IMAGE_TOO_LARGE}, or {@link Reason#IMAGE_UNREADABLE} for
   *     one without pixels
   */
  void check(long width, long height) {
    String size = "image of " + width + " x " + height + " pixels";
    if (width < 1 || height < 1) {
      throw EncodedImage.unreadable(size + " has none");
    }
    if (width > MAX_SIDE || height > MAX_SIDE) {
      throw tooLarge(
          size + ": the limit of a side is " + MAX_SIDE, MAX_SIDE, Math.max(width, height));
    }
    if (width * height > maxPixels) {
      throw tooLarge(size + ": the limit is " + maxPixels + " pixels", maxPixels, width * height);
    }
  }

  private static VaccelException tooLarge(String text, long limit, long amount) {
    return new VaccelException(Reason.IMAGE_TOO_LARGE, text)
        .with("limit", limit)
        .with("amount", amount);
  }
}
