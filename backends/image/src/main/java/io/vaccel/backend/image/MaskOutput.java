package io.vaccel.backend.image;

import io.vaccel.Segmentation;
import java.util.List;
import java.util.Optional;

/**
 * The output of a segmentation model.
 *
 * @param name FLOAT32, scores of each class for each pixel of a grid
 * @param layout the order of its axes
 * @param threshold for a model with one channel: from which score on a pixel belongs to the second
 *     label, the first one being the background; empty for a model with one channel for each label,
 *     of which the highest counts
 * @param activation makes the score that is compared with the threshold
 */
record MaskOutput(
    String name, Metadata.Layout layout, Optional<Float> threshold, Activation activation)
    implements Output {

  static MaskOutput parse(JsonFields fields) {
    String name = fields.string("name");
    Metadata.Layout layout = fields.choice("layout", List.of(Metadata.Layout.values()));
    if (!fields.has("threshold")) {
      return new MaskOutput(name, layout, Optional.empty(), Activation.NONE);
    }
    return new MaskOutput(
        name,
        layout,
        Optional.of(fields.number("threshold", 0, 1)),
        fields.choice("activation", List.of(Activation.SIGMOID, Activation.NONE)));
  }

  /** How many channels there are for so many labels. */
  int channels(int labels) {
    return threshold.isPresent() ? 1 : labels;
  }

  /** The shape of the output for so many labels. */
  long[] dimensions(int labels) {
    long any = OutputInfos.ANY;
    return switch (layout) {
      case NCHW -> new long[] {1, channels(labels), any, any};
      case NHWC -> new long[] {1, any, any, channels(labels)};
    };
  }

  @Override
  public Metadata.Task task() {
    return Metadata.Task.SEGMENTATION;
  }

  @Override
  public List<String> tensors() {
    return List.of(name);
  }

  @Override
  public void check(OutputInfos infos, Metadata.Input input, List<String> labels) {
    if (threshold.isPresent() && labels.size() != 2) {
      throw OutputInfos.mismatch(
          name, "has one channel, so there must be 2 labels, not " + labels.size());
    }
    if (labels.size() < 2 || labels.size() > Segmentation.MAX_CLASSES) {
      throw OutputInfos.mismatch(
          name,
          "cannot have "
              + labels.size()
              + " classes; 2 to "
              + Segmentation.MAX_CLASSES
              + " are possible");
    }
    infos.check(name, "masks", dimensions(labels.size()));
  }
}
