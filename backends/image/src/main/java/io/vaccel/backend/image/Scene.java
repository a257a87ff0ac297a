package io.vaccel.backend.image;

import io.vaccel.ErrorCode;
import io.vaccel.ExecutedOn;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Operations;
import io.vaccel.Stage;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.spi.SessionContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One call's picture while it is worked on, and the stages of the work so far; not safe for use by
 * several threads.
 */
final class Scene implements AutoCloseable {
  private final Model model;
  private final ImageModel plan;
  private final Picture picture;
  private final boolean keeps;
  private final SessionContext context;
  private final Call call;
  private final List<Stage> stages = new ArrayList<>();
  private ExecutedOn engine = ExecutedOn.here(ImageProvider.NAME, ImagePlugin.DEVICE);

  Scene(
      Model model,
      ImageModel plan,
      Picture picture,
      boolean keeps,
      SessionContext context,
      Call call) {
    this.model = model;
    this.plan = plan;
    this.picture = picture;
    this.keeps = keeps;
    this.context = context;
    this.call = call;
  }

  Scene with(Stage stage) {
    stages.add(stage);
    return this;
  }

  /** Columns of the upright picture. */
  int width() {
    return picture.width();
  }

  /** Rows of the upright picture. */
  int height() {
    return picture.height();
  }

  /** The whole picture in the model's input, as the metadata says. */
  Geometry whole() {
    return Geometry.of(plan.metadata().input(), width(), height());
  }

  /** Runs the model on a part of the picture; gives the outputs that the metadata names. */
  ModelRun.Outputs run(Geometry geometry) {
    call.check();
    Tensor input = timed("preprocess", () -> InputTensor.of(picture, plan, geometry, call));
    if (!keeps) {
      picture.close();
    }
    call.check();
    ModelRun run = new ModelRun(model, List.of(input), plan.metadata().output().tensors());
    ModelRun.Outputs outputs = perform(run);
    engine = outputs.executedOn();
    stages.addAll(engine.stages());
    return outputs;
  }

  /** Inputs that do not fit the model are made here: for the caller, the model is at fault. */
  private ModelRun.Outputs perform(ModelRun run) {
    try {
      return context.perform(Operations.MODEL_RUN, run, call);
    } catch (VaccelException e) {
      throw e.code() == ErrorCode.INVALID_ARGUMENT
          ? e.with(VaccelException.FIELD, ImageModel.FIELD)
          : e;
    }
  }

  /** Does a part of the work and notes how long it took. */
  <T> T timed(String stage, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    stages.add(since(stage, start));
    return result;
  }

  /** The picture with something drawn on it, when it is wanted; its pixels must have been kept. */
  Optional<Image.Encoded> annotated(boolean wanted, Consumer<Canvas> drawing) {
    if (!wanted) {
      return Optional.empty();
    }
    return Optional.of(
        timed(
            "annotate",
            () -> {
              Canvas canvas = Canvas.of(picture);
              call.check();
              drawing.accept(canvas);
              call.check();
              return canvas.png();
            }));
  }

  /** Where the model ran, and all stages. */
  ExecutedOn executedOn() {
    return new ExecutedOn(engine.plugin(), engine.device(), engine.path(), stages);
  }

  @Override
  public void close() {
    picture.close();
  }

  /** A stage that began at {@code start} of {@link System#nanoTime} and ends now. */
  static Stage since(String name, long start) {
    return new Stage(name, Duration.ofNanos(System.nanoTime() - start));
  }
}
