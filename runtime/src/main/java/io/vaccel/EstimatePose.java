package io.vaccel;

/**
 * The input of {@link Operations#IMAGE_POSE}.
 *
 * @param model a pose model with its metadata beside it
 * @param image the picture
 * @param annotate whether to return the picture with the skeletons drawn
 */
public record EstimatePose(Model model, Image image, boolean annotate) implements ImageInput {
  /** With no picture back. */
  public EstimatePose(Model model, Image image) {
    this(model, image, false);
  }
}
