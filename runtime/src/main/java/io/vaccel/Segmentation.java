package io.vaccel;

import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The class of each pixel of a picture.
 *
 * @param mask UINT16[height, width] of valid indices of {@code classes}, in the size of the upright
 *     picture
 * @param classes the names of all classes, at most {@link #MAX_CLASSES}
 * @param annotated the picture with the classes coloured, when asked for
 * @param executedOn where
 */
public record Segmentation(
    Tensor mask, List<String> classes, Optional<Image.Encoded> annotated, ExecutedOn executedOn)
    implements Annotated {
  /** The most classes of a model. */
  public static final int MAX_CLASSES = 1024;

  /** Copies the list; checks form and counts. */
  public Segmentation {
    classes = List.copyOf(classes);
    if (mask.type() != ElementType.UINT16 || mask.shape().rank() != 2) {
      throw new VaccelException(
          Reason.TENSOR_INVALID, "mask is " + mask + ", must be UINT16[height, width]");
    }
    if (classes.size() > MAX_CLASSES) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, classes.size() + " classes, the limit is " + MAX_CLASSES);
    }
    checkIndices(mask, classes.size());
  }

  /** The index of a pixel's class in {@link #classes}. */
  public int at(int x, int y) {
    int width = (int) mask.shape().dimension(1);
    int index = Objects.checkIndex(y, (int) mask.shape().dimension(0)) * width;
    return mask.data().asShortBuffer().get(index + Objects.checkIndex(x, width)) & 0xffff;
  }

  /** The share of the pixels that belong to each class, in the order of {@link #classes}. */
  public List<Double> shares() {
    long[] counts = new long[classes.size()];
    ShortBuffer indices = mask.data().asShortBuffer();
    double total = indices.remaining();
    while (indices.hasRemaining()) {
      counts[indices.get() & 0xffff]++;
    }
    return Arrays.stream(counts).mapToObj(count -> total == 0 ? 0 : count / total).toList();
  }

  private static void checkIndices(Tensor mask, int classes) {
    ShortBuffer indices = mask.data().asShortBuffer();
    while (indices.hasRemaining()) {
      int index = indices.get() & 0xffff;
      if (index >= classes) {
        throw new VaccelException(
            Reason.TENSOR_INVALID,
            "mask holds class " + index + ", there are " + classes + " classes");
      }
    }
  }
}
