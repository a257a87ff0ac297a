package io.vaccel.backend.tflite;

import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterAllocateTensors;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterCancel;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetInputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterGetOutputTensor;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterInvoke;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsCreate;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsDelete;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsEnableCancellation;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsSetErrorReporter;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterOptionsSetNumThreads;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterResetVariableTensors;
import static org.bytedeco.tensorflowlite.global.tensorflowlite.TfLiteInterpreterResizeInputTensor;

import io.vaccel.Cancellation;
import io.vaccel.Reason;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.ModelInputs;
import io.vaccel.backend.engine.OutputLimit;
import io.vaccel.spi.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.tensorflowlite.TfLiteInterpreter;
import org.bytedeco.tensorflowlite.TfLiteInterpreterOptions;
import org.bytedeco.tensorflowlite.TfLiteModel;
import org.bytedeco.tensorflowlite.TfLiteTensor;

/** One of the engine's interpreters; for one thread at a time. Closing twice does nothing. */
final class TfliteInterpreter implements AutoCloseable {
  private static final int OK = 0;

  private final TfliteEngine engine;
  private final TfLiteInterpreter interpreter;
  private boolean allocated;
  private boolean closed;

  private TfliteInterpreter(TfliteEngine engine, TfLiteInterpreter interpreter) {
    this.engine = engine;
    this.interpreter = interpreter;
  }

  /**
   * A new one.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when the engine makes none
   */
  static TfliteInterpreter create(TfliteEngine engine, String name, TfLiteModel model) {
    TfLiteInterpreterOptions options = TfLiteInterpreterOptionsCreate();
    try {
      TfLiteInterpreterOptionsSetNumThreads(options, engine.settings().threads());
      TfLiteInterpreterOptionsSetErrorReporter(options, engine.reports(), new Pointer());
      TfLiteInterpreterOptionsEnableCancellation(options, true);
      engine.reports().clear();
      TfLiteInterpreter made = TfLiteInterpreterCreate(model, options);
      if (Pointer.isNull(made)) {
        throw unreadable(engine, name);
      }
      return new TfliteInterpreter(engine, made);
    } finally {
      TfLiteInterpreterOptionsDelete(options);
    }
  }

  /**
   * The model's inputs and outputs.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when one of them is no tensor of ours
   */
  Signature signature(String name, ModelGraph graph) {
    List<TensorInfo> inputs = new ArrayList<>();
    for (String input : graph.inputs()) {
      inputs.add(input(inputs.size()).info(name, input));
    }
    List<TensorInfo> outputs = new ArrayList<>();
    for (String output : graph.outputs()) {
      outputs.add(output(outputs.size()).info(name, output));
    }
    return new Signature(inputs, outputs);
  }

  /**
   * Gets ready for runs when that needs no input; thereby tells whether the model can run.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when it cannot
   */
  void prepare(String name, Signature signature) {
    boolean known =
        signature.inputs().stream()
            .flatMap(input -> input.dimensions().stream())
            .allMatch(dimension -> dimension >= 0);
    engine.reports().clear();
    if (known && TfLiteInterpreterAllocateTensors(interpreter) != OK) {
      throw unreadable(engine, name);
    }
    allocated = known;
  }

  /** Runs the model; the parameters are those of {@link TfliteModel#run}. */
  List<Tensor> run(Signature signature, List<Tensor> inputs, List<Integer> outputs, Call call) {
    engine.reports().clear();
    OutputLimit.Tally known = engine.settings().outputs().tally();
    for (int output : outputs) {
      TensorInfo info = signature.outputs().get(output);
      known.add(info.name(), OutputLimit.known(info));
    }
    forEach(signature, inputs, (i, name) -> resize(i, name, inputs.get(i)));
    if (!allocated && TfLiteInterpreterAllocateTensors(interpreter) != OK) {
      throw new VaccelException(
              Reason.TENSOR_INVALID,
              "the model does not take inputs of these shapes" + engine.reports().taken())
          .about("inputs");
    }
    allocated = true;
    forEach(signature, inputs, (i, name) -> input(i).write(name, inputs.get(i)));
    // Nothing of an earlier run, which may have been another guest's, may be seen.
    TfLiteInterpreterResetVariableTensors(interpreter);
    invoke(call);
    OutputLimit.Tally tally = engine.settings().outputs().tally(call);
    List<Tensor> results = new ArrayList<>();
    for (int output : outputs) {
      results.add(output(output).read(signature.outputs().get(output), tally));
    }
    return results;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      TfLiteInterpreterDelete(interpreter);
    }
  }

  /** Errors name the input. */
  private static void forEach(
      Signature signature, List<Tensor> inputs, BiConsumer<Integer, String> work) {
    for (int i = 0; i < inputs.size(); i++) {
      String name = signature.inputs().get(i).name();
      try {
        work.accept(i, name);
      } catch (VaccelException e) {
        throw e.about(ModelInputs.input(name, i));
      }
    }
  }

  private void resize(int index, String name, Tensor tensor) {
    long[] dimensions = tensor.shape().dimensions();
    if (input(index).hasShape(dimensions)) {
      return;
    }
    if (LongStream.of(dimensions).anyMatch(dimension -> dimension > Integer.MAX_VALUE)) {
      throw new VaccelException(
          Reason.TENSOR_INVALID,
          "input '" + name + "' is " + tensor.shape() + ", TensorFlow Lite's sizes have 31 bits");
    }
    int[] sizes = LongStream.of(dimensions).mapToInt(Math::toIntExact).toArray();
    allocated = false;
    if (TfLiteInterpreterResizeInputTensor(interpreter, index, sizes, sizes.length) != OK) {
      throw new VaccelException(
          Reason.TENSOR_INVALID,
          "input '" + name + "' cannot be " + tensor.shape() + engine.reports().taken());
    }
  }

  private void invoke(Call call) {
    Stopping stopping = new Stopping(() -> TfLiteInterpreterCancel(interpreter));
    int status;
    Cancellation.Registration onStop = call.onStop(stopping);
    try {
      call.check();
      status = TfLiteInterpreterInvoke(interpreter);
    } finally {
      stopping.over();
      onStop.close();
    }
    if (status != OK) {
      call.check();
      throw new VaccelException(
          Reason.ENGINE_FAILED, "the model failed" + engine.reports().taken());
    }
  }

  private EngineTensor input(int index) {
    return new EngineTensor(TfLiteInterpreterGetInputTensor(interpreter, index));
  }

  private EngineTensor output(int index) {
    TfLiteTensor tensor = TfLiteInterpreterGetOutputTensor(interpreter, index);
    return new EngineTensor(tensor);
  }

  private static VaccelException unreadable(TfliteEngine engine, String name) {
    return new VaccelException(
        Reason.MODEL_UNREADABLE,
        "model '" + name + "' is not accepted by TensorFlow Lite" + engine.reports().taken());
  }
}
