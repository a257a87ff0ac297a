package io.vaccel;

/**
 * The input of {@link Operations#IMAGE_SEGMENT}.
 *
 * @param model a segmentation model with its metadata beside it
 * @param image the picture
 * @param annotate whether to return the picture with the classes coloured
 */
public record Segment(Model model, Image image, boolean annotate) implements ImageInput {
  /** With no picture back. */
  public Segment(Model model, Image image) {
    this(model, image, false);
  }
}
