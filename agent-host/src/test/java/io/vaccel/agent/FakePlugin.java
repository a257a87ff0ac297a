package io.vaccel.agent;

import io.vaccel.Echo;
import io.vaccel.ElementType;
import io.vaccel.ExecutedOn;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelFormat;
import io.vaccel.ModelRun;
import io.vaccel.ModelSpec;
import io.vaccel.Noop;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Result;
import io.vaccel.Signature;
import io.vaccel.TensorInfo;
import io.vaccel.spi.Call;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A plugin whose no-op does what a test wants, and that counts what it holds. */
final class FakePlugin implements Plugin {
  final AtomicInteger sessions = new AtomicInteger();
  final AtomicInteger models = new AtomicInteger();
  volatile Consumer<Call> noop = call -> {};
  volatile Consumer<ModelSpec> load = spec -> {};
  volatile Runnable run = () -> {};
  volatile Supplier<Capabilities> capabilities =
      () ->
          Capabilities.of("CPU", Operations.NOOP, Operations.ECHO, Operations.MODEL_RUN)
              .withFormats(Set.of(ModelFormat.ONNX));
  volatile Runnable closing = () -> {};

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Capabilities capabilities() {
    return capabilities.get();
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    sessions.incrementAndGet();
    return new Opened();
  }

  @Override
  public void close() {
    closing.run();
  }

  private final class Opened implements PluginSession {
    private final ExecutedOn here = ExecutedOn.here("fake", "CPU");

    @Override
    public LoadedModel load(Model model, ModelSpec spec, Call call) {
      load.accept(spec);
      models.incrementAndGet();
      List<TensorInfo> any = List.of(new TensorInfo("x", ElementType.UINT8, List.of(-1L)));
      return new LoadedModel(new Signature(any, any), here, 0);
    }

    @Override
    public void unload(Model model) {
      models.decrementAndGet();
    }

    @Override
    public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
      if (input instanceof ModelRun wanted) {
        run.run();
        return operation.resultType().cast(new ModelRun.Outputs(wanted.inputs(), here));
      }
      if (input instanceof Echo echo) {
        return operation.resultType().cast(new Echo.Reply(echo.tensors(), here));
      }
      noop.accept(call);
      return operation.resultType().cast(new Noop.Done(here));
    }

    @Override
    public void close() {
      sessions.decrementAndGet();
    }
  }
}
