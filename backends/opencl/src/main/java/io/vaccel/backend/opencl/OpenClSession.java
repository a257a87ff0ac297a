package io.vaccel.backend.opencl;

import io.vaccel.ExecutedOn;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Result;
import io.vaccel.RunKernel;
import io.vaccel.Stage;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.spi.PluginSession;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.jocl.CLException;

/** One owner's compiled sources. */
final class OpenClSession implements PluginSession {
  private final Engine engine;
  private final Programs programs;

  OpenClSession(Engine engine) {
    this.engine = engine;
    this.programs = new Programs(engine.device());
  }

  @Override
  public LoadedModel load(Model model, ModelSpec spec, Call call) {
    throw new VaccelException(Reason.NO_PLUGIN, "plugin opencl takes no models");
  }

  @Override
  public void unload(Model model) {}

  @Override
  public <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
    call.check();
    if (!operation.equals(Operations.OPENCL_RUN)) {
      throw new VaccelException(Reason.NO_PLUGIN, "plugin opencl does not offer " + operation);
    }
    RunKernel wanted = (RunKernel) input;
    engine.settings().check(wanted);
    try {
      return operation.resultType().cast(run(wanted, call));
    } catch (CLException e) {
      throw ClErrors.of("running the kernel", e);
    }
  }

  @Override
  public void close() {
    programs.close();
  }

  private RunKernel.Buffers run(RunKernel input, Call call) {
    long start = System.nanoTime();
    try (Programs.Use use = programs.use(input.source())) {
      long compiled = System.nanoTime();
      call.check();
      List<ByteBuffer> results = engine.run(use.program(), input, call);
      Stage kernel = stage("kernel", compiled, System.nanoTime());
      ExecutedOn here = ExecutedOn.here(OpenClProvider.NAME, engine.deviceName(), kernel);
      return new RunKernel.Buffers(
          results, use.isNew() ? here.after(stage("compile", start, compiled)) : here);
    }
  }

  private static Stage stage(String name, long fromNanos, long toNanos) {
    return new Stage(name, Duration.ofNanos(toNanos - fromNanos));
  }
}
