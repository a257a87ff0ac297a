package io.vaccel.backend.onnx;

import io.vaccel.ExecutedOn;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Result;
import io.vaccel.Stage;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.spi.PluginSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One owner's models. */
final class OnnxSession implements PluginSession {
  private final OnnxModels shared;
  private final Map<Model, OnnxModels.Lease> models = new HashMap<>();
  private boolean closed;

  OnnxSession(OnnxModels shared) {
    this.shared = shared;
  }

  @Override
  public LoadedModel load(Model model, ModelSpec spec, Call call) {
    long start = System.nanoTime();
    OnnxModels.Lease lease = shared.acquire(spec.resource().main(), call);
    synchronized (this) {
      if (closed) {
        lease.close();
        throw new VaccelException(Reason.CLOSED, "the session is closed");
      }
      models.put(model, lease);
    }
    return new LoadedModel(
        lease.model().signature(), here(lease.model(), new Stage("load", since(start))), 0);
  }

  @Override
  public void unload(Model model) {
    OnnxModels.Lease lease;
    synchronized (this) {
      lease = models.remove(model);
    }
    if (lease != null) {
      lease.close();
    }
  }

  @Override
  public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
    call.check();
    if (operation.equals(Operations.MODEL_RUN)) {
      return operation.resultType().cast(run((ModelRun) input, call));
    }
    throw new VaccelException(Reason.NO_PLUGIN, "plugin onnx does not offer " + operation);
  }

  @Override
  public void close() {
    List<OnnxModels.Lease> leases;
    synchronized (this) {
      closed = true;
      leases = List.copyOf(models.values());
      models.clear();
    }
    leases.forEach(OnnxModels.Lease::close);
  }

  private ModelRun.Outputs run(ModelRun run, Call call) {
    OnnxModel model = model(run.model());
    long start = System.nanoTime();
    List<Tensor> outputs = model.run(run.inputs(), run.outputs(), call);
    return new ModelRun.Outputs(outputs, here(model, new Stage("inference", since(start))));
  }

  private synchronized OnnxModel model(Model model) {
    OnnxModels.Lease lease = models.get(model);
    if (lease == null) {
      throw new VaccelException(Reason.CLOSED, model + " was unloaded");
    }
    return lease.model();
  }

  private static ExecutedOn here(OnnxModel model, Stage stage) {
    return ExecutedOn.here(OnnxProvider.NAME, model.device(), stage);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
