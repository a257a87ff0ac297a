package io.vaccel.backend.image;

import io.vaccel.Classification;
import io.vaccel.Classify;
import io.vaccel.ElementType;
import io.vaccel.ModelRun;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Tensor;
import io.vaccel.spi.Call;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Performs {@code image.classify}: the outputs become scores, and the best get their names. */
final class Classifier implements ImageTask<Classify, Classification> {

  @Override
  public Operation<Classify, Classification> operation() {
    return Operations.IMAGE_CLASSIFY;
  }

  @Override
  public Classification perform(Classify input, ImageModel model, Pipeline pipeline, Call call) {
    ScoresOutput form = model.output(ScoresOutput.class, operation());
    try (Scene scene = pipeline.open(input, model, Pipeline.Working.NONE, false, call)) {
      ModelRun.Outputs outputs = scene.run(scene.whole());
      List<Classification.Label> labels =
          scene.timed("postprocess", () -> labels(scores(outputs, form, model), input, model));
      return new Classification(labels, scene.executedOn());
    }
  }

  private static List<Classification.Label> labels(
      float[] scores, Classify input, ImageModel model) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer index) -> -scores[index]))
        .limit(input.top())
        .map(i -> new Classification.Label(i, model.labels().get(i), scores[i]))
        .toList();
  }

  private static float[] scores(ModelRun.Outputs outputs, ScoresOutput form, ImageModel model) {
    Tensor output = outputs.tensors().get(0);
    if (output.type() != ElementType.FLOAT32
        || output.shape().elements() != model.labels().size()) {
      throw OutputInfos.mismatch(
          form.name(), "is " + output + ", there are " + model.labels().size() + " labels");
    }
    float[] values = output.floats();
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw OutputInfos.mismatch(form.name(), "holds " + value + ", which is no score");
      }
    }
    return form.activation() == Activation.SOFTMAX ? softmax(values) : values;
  }

  private static float[] softmax(float[] values) {
    double most = Double.NEGATIVE_INFINITY;
    for (float value : values) {
      most = Math.max(most, value);
    }
    double total = 0;
    for (float value : values) {
      total += Math.exp(value - most);
    }
    float[] scores = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      scores[i] = (float) (Math.exp(values[i] - most) / total);
    }
    return scores;
  }
}
