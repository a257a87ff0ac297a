package io.vaccel;

/**
 * The input of {@link Operations#IMAGE_DEPTH}.
 *
 * @param model a depth model with its metadata beside it
 * @param image the picture
 * @param annotate whether to return a picture of the depth
 */
public record EstimateDepth(Model model, Image image, boolean annotate) implements ImageInput {
  /** With no picture back. */
  public EstimateDepth(Model model, Image image) {
    this(model, image, false);
  }
}
