package io.vaccel.backend.image;

import io.vaccel.Classification;
import io.vaccel.Classify;
import io.vaccel.ElementType;
import io.vaccel.ModelRun;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Stage;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
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
    ModelRun.Outputs outputs = pipeline.run(input.model(), model, input.image(), call);
    long start = System.nanoTime();
    float[] scores = scores(outputs.tensors().get(0), model);
    List<Classification.Label> labels =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble((Integer index) -> -scores[index]))
            .limit(input.top())
            .map(i -> new Classification.Label(i, model.labels().get(i), scores[i]))
            .toList();
    Stage postprocess = Pipeline.since("postprocess", start);
    return new Classification(
        labels, outputs.executedOn().then(postprocess.name(), postprocess.elapsed()));
  }

  private static float[] scores(Tensor output, ImageModel model) {
    if (output.type() != ElementType.FLOAT32
        || output.shape().elements() != model.labels().size()) {
      throw mismatch("is " + output + ", there are " + model.labels().size() + " labels");
    }
    float[] values = output.floats();
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw mismatch("holds " + value + ", which is no score");
      }
    }
    return switch (model.metadata().output().activation()) {
      case NONE -> values;
      case SOFTMAX -> softmax(values);
    };
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

  private static VaccelException mismatch(String problem) {
    return new VaccelException(Reason.MODEL_MISMATCH, "the model's output " + problem);
  }
}
