package io.vaccel.backend.image;

import io.vaccel.ExecutedOn;
import io.vaccel.ImageInput;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Reason;
import io.vaccel.Result;
import io.vaccel.TransformImage;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.spi.PluginSession;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One owner's models, of which this plugin holds the metadata; their engines hold the rest. */
final class ImageSession implements PluginSession {
  private final List<ImageTask<?, ?>> tasks;
  private final Pipeline pipeline;
  private final Map<Model, ImageModel> models = new ConcurrentHashMap<>();

  ImageSession(List<ImageTask<?, ?>> tasks, Pipeline pipeline) {
    this.tasks = tasks;
    this.pipeline = pipeline;
  }

  @Override
  public LoadedModel load(Model model, ModelSpec spec, Call call) {
    models.put(model, ImageModel.of(spec.resource(), model.signature()));
    ExecutedOn here = ExecutedOn.here(ImageProvider.NAME, ImagePlugin.DEVICE);
    return new LoadedModel(model.signature(), here, 0);
  }

  @Override
  public void unload(Model model) {
    models.remove(model);
  }

  @Override
  public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
    call.check();
    if (input instanceof TransformImage transform) {
      return operation.resultType().cast(Transformer.transform(transform, pipeline, call));
    }
    for (ImageTask<?, ?> task : tasks) {
      if (task.operation().equals(operation)) {
        return operation.resultType().cast(perform(task, input, call));
      }
    }
    throw new VaccelException(Reason.NO_PLUGIN, "plugin image does not offer " + operation);
  }

  @Override
  public void close() {
    models.clear();
  }

  private <I extends ImageInput, O extends Result> O perform(
      ImageTask<I, O> task, Object untyped, Call call) {
    I input = task.operation().inputType().cast(untyped);
    ImageModel model = models.get(input.model());
    if (model == null) {
      throw new VaccelException(Reason.CLOSED, input.model() + " was unloaded");
    }
    return task.perform(input, model, pipeline, call);
  }
}
