package io.vaccel.backend.image;

import io.vaccel.TensorInfo;
import java.util.List;

/**
 * The output of a classifier.
 *
 * @param name FLOAT32, one value for each label
 * @param activation SOFTMAX or NONE
 */
record ScoresOutput(String name, Activation activation) implements Output {
  static ScoresOutput parse(JsonFields fields) {
    return new ScoresOutput(
        fields.string("name"),
        fields.choice("activation", List.of(Activation.SOFTMAX, Activation.NONE)));
  }

  @Override
  public Metadata.Task task() {
    return Metadata.Task.CLASSIFICATION;
  }

  @Override
  public List<String> tensors() {
    return List.of(name);
  }

  @Override
  public void check(OutputInfos infos, Metadata.Input input, List<String> labels) {
    TensorInfo output = infos.floats(name, "scores");
    long scores =
        output.dimensions().stream().mapToLong(d -> d < 0 ? 1 : d).reduce(1, (a, b) -> a * b);
    boolean known = output.dimensions().stream().skip(1).noneMatch(d -> d < 0);
    if (known && !output.dimensions().isEmpty() && scores != labels.size()) {
      throw ImageModel.mismatch("output", output, "there are " + labels.size() + " labels");
    }
  }
}
