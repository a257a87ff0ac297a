package io.vaccel.guest;

import io.vaccel.CallOptions;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a model on tensors from files. */
@Command(
    name = "run",
    description = "Run a model on tensors from NumPy files.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Inputs are given all by name, or all by position in the model's order. A .npz file gives all",
      "its arrays under the names that they have there (those named arr_0, arr_1... by position).",
      "Texts are arrays of bytes or text, bfloat16 is an array of 2-byte voids (dtype V2).",
      "Without any --input the model's inputs and outputs are listed and it is not run.",
      "",
      "Examples:",
      "  vaccel-guest run --model net.onnx",
      "  vaccel-guest run --model net.onnx --input image=image.npy --out result.npz",
      "  vaccel-guest run --model net.tflite --input inputs.npz --json"
    })
final class RunCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private final RuntimeOptions runtime;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      description = "The model: .onnx, .tflite, .pt, .pb, or the directory of a SavedModel.")
  private Path model;

  @Option(
      names = "--input",
      paramLabel = "[NAME=]FILE",
      description = "A .npy or .npz file; may be given many times.")
  private List<String> inputs = List.of();

  @Option(
      names = "--output",
      paramLabel = "NAME",
      description = "A wanted output; may be given many times (default: all).")
  private List<String> outputs = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where to write the outputs: a .npz file, or .npy for a single output.")
  private Path out;

  @Option(
      names = "--run-options",
      paramLabel = "FILE",
      description = "Options in the engine's own form: for TensorFlow, a serialized RunOptions.")
  private Path options;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  RunCommand(Console console, RuntimeOptions runtime) {
    this.console = console;
    this.runtime = runtime;
  }

  @Override
  public Integer call() {
    RunReport report = new RunReport(model, json, console);
    try {
      // All that can be wrong on this side is found before anything is sent.
      if (out != null) {
        TensorFiles.requireWritable(out);
      }
      List<Tensor> tensors = tensors();
      ByteBuffer bytes = options == null ? ByteBuffer.allocate(0) : options();
      ModelSpec files = ModelSpec.at(model);
      run(report, files, tensors, bytes);
      return CommandLine.ExitCode.OK;
    } catch (VaccelException e) {
      report.failed(e);
      throw e;
    } finally {
      report.end();
    }
  }

  private void run(RunReport report, ModelSpec files, List<Tensor> tensors, ByteBuffer bytes) {
    try (Vaccel vaccel = runtime.load();
        Session session = vaccel.openSession();
        Model loaded = load(session, files)) {
      report.loaded(loaded);
      if (tensors.isEmpty() && !loaded.signature().inputs().isEmpty()) {
        return;
      }
      ModelRun run = new ModelRun(loaded, tensors, outputs, bytes);
      ModelRun.Outputs result = session.call(Operations.MODEL_RUN, run);
      if (out != null) {
        TensorFiles.write(out, result.tensors());
      }
      report.ran(result, out);
      report.measured(session.profile());
    }
  }

  private Model load(Session session, ModelSpec files) {
    try (ProgressBar bar = new ProgressBar(console.err(), console.errScreen(), System::nanoTime)) {
      return session.load(files, CallOptions.within(runtime.timeout()).with(bar));
    }
  }

  private List<Tensor> tensors() {
    List<Tensor> tensors = new ArrayList<>();
    for (String input : inputs) {
      int equals = input.indexOf('=');
      // A file whose own name has an equals sign is given as NAME=FILE or as ./FILE.
      boolean named = equals > 0 && input.lastIndexOf('/', equals) < 0;
      Path file = Path.of(named ? input.substring(equals + 1) : input);
      List<Tensor> read = TensorFiles.read(file);
      if (!named) {
        tensors.addAll(read);
      } else if (read.size() == 1) {
        tensors.add(read.get(0).named(input.substring(0, equals)));
      } else {
        throw new VaccelException(
            Reason.ARGUMENT_INVALID,
            file + " holds " + read.size() + " arrays, one is wanted for '" + input + "'");
      }
    }
    return tensors;
  }

  private ByteBuffer options() {
    try {
      if (Files.size(options) <= ModelRun.MAX_OPTIONS_BYTES) {
        return ByteBuffer.wrap(Files.readAllBytes(options));
      }
    } catch (IOException e) {
      throw new VaccelException(Reason.FILE_NOT_FOUND, "cannot read " + options, e);
    }
    throw new VaccelException(
        Reason.ARGUMENT_INVALID,
        options + " is larger than run options can be: " + ModelRun.MAX_OPTIONS_BYTES + " bytes");
  }
}
