package io.vaccel.backend.torch;

import io.vaccel.Cancellation;
import io.vaccel.ModelRun;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.EngineModel;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.JitModule;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringIValueMap;

/** One model in the engine; safe for use by several threads. */
final class TorchModel implements EngineModel {
  private final TorchEngine engine;
  private final ResourceFile file;
  private final LoadedModule module;
  private final Parameters parameters;

  private TorchModel(
      TorchEngine engine, ResourceFile file, LoadedModule module, Parameters parameters) {
    this.engine = engine;
    this.file = file;
    this.module = module;
    this.parameters = parameters;
  }

  /**
   * Loads it.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when it is none, or one that may not
   *     run here
   */
  static TorchModel load(TorchEngine engine, ResourceFile file) {
    LoadedModule module = LoadedModule.load(file, engine.directory());
    try {
      return new TorchModel(engine, file, module, module.parameters(file.name()));
    } catch (RuntimeException | Error e) {
      module.close();
      throw e;
    }
  }

  /** The format tells names of inputs, but no types and shapes, so there is nothing in it. */
  @Override
  public Signature signature() {
    return new Signature(List.of(), List.of());
  }

  @Override
  public List<Tensor> run(ModelRun run, Call call) {
    if (run.options().hasRemaining()) {
      throw ModelRun.badOptions("are given; LibTorch takes none");
    }
    if (!module.changesItself()) {
      return run(module, run, call);
    }
    // Nothing of another run, which may have been another guest's, may be seen.
    try (LoadedModule fresh = LoadedModule.load(file, engine.directory())) {
      return run(fresh, run, call);
    }
  }

  @SuppressWarnings("try") // What is opened for a run is used by being open.
  private List<Tensor> run(LoadedModule loaded, ModelRun run, Call call) {
    // One byte, which the engine reads at each turn of a loop.
    ByteBuffer stop = ByteBuffer.allocateDirect(1);
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradients = new NoGradGuard()) {
      StringIValueMap arguments = parameters.arguments(run.inputs());
      JitModule own = loaded.withStop(stop);
      IValue result;
      try (Cancellation.Registration onStop = call.onStop(() -> stop.put(0, (byte) 1))) {
        call.check();
        result = own.forward(new IValueVector(), arguments);
      }
      return Outputs.of(result).copies(run.outputs(), engine.settings().outputs().tally(call));
    } catch (VaccelException e) {
      throw e;
    } catch (RuntimeException e) {
      call.check();
      throw new VaccelException(Reason.ENGINE_FAILED, "the model failed" + EngineMessage.of(e), e);
    }
  }

  @Override
  public List<Tensor> run(List<Tensor> inputs, List<Integer> outputs, Call call) {
    throw new IllegalStateException("there is no signature that inputs could have been matched to");
  }

  @Override
  public void close() {
    module.close();
  }
}
