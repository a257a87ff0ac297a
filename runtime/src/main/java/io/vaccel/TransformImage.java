package io.vaccel;

import java.util.List;

/**
 * The input of {@link Operations#OPENCV_TRANSFORM}: functions on a picture, one after the other.
 *
 * @param image raw pixels, or a JPEG, PNG or BMP file, which becomes RGB8 and upright; at most
 *     {@link #MAX_PIXELS}
 * @param steps 1 to {@link #MAX_STEPS}
 */
public record TransformImage(Image image, List<ImageStep> steps) {
  /** The most functions of one call. */
  public static final int MAX_STEPS = 16;

  /** The most pixels of the picture and of each result. */
  public static final int MAX_PIXELS = 16 << 20;

  /** Copies the list; checks the counts. */
  public TransformImage {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || steps.size() > MAX_STEPS) {
      throw VaccelException.ofField("steps", "must be 1 to " + MAX_STEPS + ", got " + steps.size());
    }
    if (image instanceof Image.Raw raw && (long) raw.width() * raw.height() > MAX_PIXELS) {
      throw VaccelException.ofField(
          "image",
          "has more than " + MAX_PIXELS + " pixels: " + raw.width() + " x " + raw.height());
    }
  }

  /**
   * The result of {@link TransformImage}.
   *
   * @param image the picture after the last step
   * @param executedOn where
   */
  public record Transformed(Image.Raw image, ExecutedOn executedOn) implements Result {}
}
