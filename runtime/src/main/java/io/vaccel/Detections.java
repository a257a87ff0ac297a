package io.vaccel;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The objects in a picture.
 *
 * @param detections best first, at most {@link #MAX_COUNT}
 * @param annotated the picture with the boxes drawn, when asked for
 * @param executedOn where
 */
public record Detections(
    List<Detection> detections, Optional<Image.Encoded> annotated, ExecutedOn executedOn)
    implements Annotated {
  /** The most objects of one picture. */
  public static final int MAX_COUNT = 1000;

  /** Copies the list. */
  public Detections {
    detections = List.copyOf(detections);
    if (detections.size() > MAX_COUNT) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, detections.size() + " detections, the limit is " + MAX_COUNT);
    }
  }

  /** One object. */
  public record Detection(Classification.Label label, Box box) {
    /** For instance {@code Dog 0.70 at 128, 220, 190 x 320}. */
    @Override
    public String toString() {
      return label + " at " + box;
    }
  }

  /**
   * A rectangle in pixels of the upright picture; finite, and not of negative size.
   *
   * @param x left edge
   * @param y upper edge
   */
  public record Box(float x, float y, float width, float height) {
    /** Checks the numbers. */
    public Box {
      boolean finite = Float.isFinite(x) && Float.isFinite(y);
      if (!finite || !(width >= 0 && height >= 0 && Float.isFinite(width + height))) {
        throw new VaccelException(
            Reason.ARGUMENT_INVALID,
            "box of x " + x + ", y " + y + ", width " + width + ", height " + height);
      }
    }

    /** For instance {@code 128, 220, 190 x 320}. */
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.0f, %.0f, %.0f x %.0f", x, y, width, height);
    }
  }
}
