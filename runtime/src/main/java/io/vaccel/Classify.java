package io.vaccel;

/**
 * The input of {@link Operations#IMAGE_CLASSIFY}.
 *
 * @param model a classifier with its metadata beside it
 * @param image the picture
 * @param top how many labels to return, best first; 1 to {@link #MAX_TOP}
 */
public record Classify(Model model, Image image, int top) implements ImageInput {
  /** The most labels that one call returns. */
  public static final int MAX_TOP = 1000;

  /** How many labels are returned when the caller does not say. */
  public static final int DEFAULT_TOP = 5;

  /** Checks the count. */
  public Classify {
    if (top < 1 || top > MAX_TOP) {
      throw VaccelException.ofField("top", "must be 1 to " + MAX_TOP + ", got " + top);
    }
  }
}
