package io.vaccel;

/**
 * The input of {@link Operations#IMAGE_DETECT}.
 *
 * @param model a detector with its metadata beside it
 * @param image the picture
 * @param minScore the least score that counts, 0 to 1; 0 for what the model's metadata says
 * @param annotate whether to return the picture with the boxes drawn
 */
public record Detect(Model model, Image image, float minScore, boolean annotate)
    implements ImageInput {
  /** Checks the score. */
  public Detect {
    if (!(minScore >= 0 && minScore <= 1)) {
      throw VaccelException.ofField("min_score", "must be 0 to 1, got " + minScore);
    }
  }

  /** With the model's own least score, and no picture back. */
  public Detect(Model model, Image image) {
    this(model, image, 0, false);
  }
}
