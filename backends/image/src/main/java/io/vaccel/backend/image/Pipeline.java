package io.vaccel.backend.image;

import io.vaccel.ExecutedOn;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Operations;
import io.vaccel.Stage;
import io.vaccel.Tensor;
import io.vaccel.spi.Call;
import io.vaccel.spi.SessionContext;
import java.time.Duration;
import java.util.List;

/**
 * What all operations on pictures have in common: decode, preprocess, run the model; safe for use
 * by several threads.
 */
final class Pipeline {
  private final ImageLimits limits;
  private final DecodeMemory memory;
  private final SessionContext context;

  Pipeline(ImageLimits limits, DecodeMemory memory, SessionContext context) {
    this.limits = limits;
    this.memory = memory;
    this.context = context;
  }

  /**
   * Runs the model on a picture.
   *
   * @return the model's output that the metadata names, and the stages so far
   */
  ModelRun.Outputs run(Model model, ImageModel plan, Image image, Call call) {
    long start = System.nanoTime();
    Tensor input;
    Stage decode;
    Stage preprocess;
    try (Picture picture = Picture.open(image, limits, memory, call)) {
      decode = since("decode", start);
      call.check();
      start = System.nanoTime();
      input = InputTensor.of(picture, plan);
      preprocess = since("preprocess", start);
    }
    call.check();
    ModelRun run = new ModelRun(model, List.of(input), List.of(plan.metadata().output().name()));
    ModelRun.Outputs outputs = context.perform(Operations.MODEL_RUN, run, call);
    ExecutedOn executedOn = outputs.executedOn().after(decode, preprocess);
    return new ModelRun.Outputs(outputs.tensors(), executedOn);
  }

  /** A stage that began at {@code start} of {@link System#nanoTime} and ends now. */
  static Stage since(String name, long start) {
    return new Stage(name, Duration.ofNanos(System.nanoTime() - start));
  }
}
