package io.vaccel;

import java.util.Arrays;
import java.util.List;

/** Functions on pictures as generic calls write them, for instance {@code resize 320 240}. */
final class ImageStepText {
  private ImageStepText() {}

  /**
   * The function.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when there is no such function, or its
   *     numbers are not what it takes
   */
  static ImageStep parse(String text) {
    List<String> words = List.of(text.strip().split(" +"));
    try {
      double[] numbers = words.stream().skip(1).mapToDouble(Double::parseDouble).toArray();
      return switch (words.get(0) + " " + numbers.length) {
        case "resize 2" -> new ImageStep.Resize(whole(numbers[0]), whole(numbers[1]));
        case "crop 4" -> {
          int[] box = Arrays.stream(numbers).mapToInt(ImageStepText::whole).toArray();
          yield new ImageStep.Crop(box[0], box[1], box[2], box[3]);
        }
        case "grayscale 0" -> new ImageStep.Grayscale();
        case "blur 1" -> new ImageStep.Blur((float) numbers[0]);
        case "threshold 1" -> new ImageStep.Threshold(whole(numbers[0]));
        case "edges 2" -> new ImageStep.Edges(whole(numbers[0]), whole(numbers[1]));
        case "flip-left-right 0" -> new ImageStep.Flip(true);
        case "flip-top-bottom 0" -> new ImageStep.Flip(false);
        case "rotate 1" -> new ImageStep.Rotate(whole(numbers[0]));
        default -> throw unknown();
      };
    } catch (NumberFormatException e) {
      throw unknown();
    }
  }

  private static int whole(double number) {
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, "a step takes whole numbers, got " + number);
    }
    return (int) number;
  }

  private static VaccelException unknown() {
    return new VaccelException(
        Reason.ARGUMENT_INVALID,
        "the step is none of: resize W H, crop X Y W H, grayscale, blur SIGMA, threshold LEVEL,"
            + " edges LOW HIGH, flip-left-right, flip-top-bottom, rotate QUARTERS");
  }
}
