package io.vaccel.backend.engine;

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
final class EngineSession implements PluginSession {
  private final String plugin;
  private final Engine engine;
  private final SharedModels shared;
  private final StringMemory strings;
  private final Map<Model, SharedModels.Lease> models = new HashMap<>();
  private boolean closed;

  EngineSession(String plugin, Engine engine, SharedModels shared, StringMemory strings) {
    this.plugin = plugin;
    this.engine = engine;
    this.shared = shared;
    this.strings = strings;
  }

  @Override
  public LoadedModel load(Model model, ModelSpec spec, Call call) {
    long start = System.nanoTime();
    SharedModels.Lease lease = shared.acquire(spec, call);
    synchronized (this) {
      if (closed) {
        lease.close();
        throw new VaccelException(Reason.CLOSED, "the session is closed");
      }
      models.put(model, lease);
    }
    return new LoadedModel(lease.model().signature(), here(new Stage("load", since(start))), 0);
  }

  @Override
  public void unload(Model model) {
    SharedModels.Lease lease;
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
    throw new VaccelException(
        Reason.NO_PLUGIN, "plugin " + plugin + " does not offer " + operation);
  }

  @Override
  public void close() {
    List<SharedModels.Lease> leases;
    synchronized (this) {
      closed = true;
      leases = List.copyOf(models.values());
      models.clear();
    }
    leases.forEach(SharedModels.Lease::close);
  }

  private ModelRun.Outputs run(ModelRun run, Call call) {
    EngineModel model = model(run.model());
    long start = System.nanoTime();
    StringMemory.Taken memory = strings.take(run.inputs());
    try {
      List<Tensor> outputs = model.run(run, call);
      return new ModelRun.Outputs(outputs, here(new Stage("inference", since(start))));
    } finally {
      memory.close();
    }
  }

  private synchronized EngineModel model(Model model) {
    SharedModels.Lease lease = models.get(model);
    if (lease == null) {
      throw new VaccelException(Reason.CLOSED, model + " was unloaded");
    }
    return lease.model();
  }

  private ExecutedOn here(Stage stage) {
    return ExecutedOn.here(plugin, engine.device(), stage);
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }
}
