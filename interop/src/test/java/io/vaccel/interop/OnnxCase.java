package io.vaccel.interop;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelFormat;
import io.vaccel.ModelRun;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One case of ONNX's own test suite: a model of one operator, its inputs and what has to come of
 * it.
 *
 * @param name the directory's name, for instance {@code test_conv_with_strides}
 * @param spec the model
 * @param inputs its inputs by position
 * @param expected its outputs
 */
record OnnxCase(String name, ModelSpec spec, List<Tensor> inputs, List<Tensor> expected) {
  /** How near is near enough, as in ONNX's own runner of these cases. */
  private static final double RELATIVE = 1e-3;

  private static final double ABSOLUTE = 1e-7;

  /**
   * What came of running a case.
   *
   * @param outputs the outputs; empty when it failed
   * @param failure the reason when it failed
   * @param text why, without the place
   * @param details what the error says of itself
   */
  record Outcome(
      List<Tensor> outputs, Optional<Reason> failure, String text, Map<String, String> details) {}

  /** Reads a case; empty when its data are not tensors. */
  static Optional<OnnxCase> read(Path directory) {
    try {
      Optional<List<Tensor>> inputs = tensors(directory.resolve("test_data_set_0"), "input_");
      Optional<List<Tensor>> outputs = tensors(directory.resolve("test_data_set_0"), "output_");
      if (inputs.isEmpty() || outputs.isEmpty()) {
        return Optional.empty();
      }
      ByteBuffer model = ByteBuffer.wrap(Files.readAllBytes(directory.resolve("model.onnx")));
      Resource resource = Resource.ofBytes(ResourceKind.MODEL, "model.onnx", model);
      return Optional.of(
          new OnnxCase(
              directory.getFileName().toString(),
              new ModelSpec(resource, ModelFormat.ONNX),
              inputs.get(),
              outputs.get()));
    } catch (IOException e) {
      throw new AssertionError(directory.toString(), e);
    }
  }

  /** Loads and runs it. */
  Outcome run(Session session) {
    try (Model model = session.load(spec, CallOptions.defaults())) {
      ModelRun run = new ModelRun(model, inputs, List.of());
      List<Tensor> outputs = session.call(Operations.MODEL_RUN, run).tensors();
      return new Outcome(outputs, Optional.empty(), "", Map.of());
    } catch (VaccelException e) {
      return new Outcome(List.of(), Optional.of(e.reason()), e.text(), e.details());
    }
  }

  /** Whether the outputs are those that the suite expects. */
  boolean isExpected(List<Tensor> outputs) {
    if (outputs.size() != expected.size()) {
      return false;
    }
    for (int i = 0; i < outputs.size(); i++) {
      Tensor actual = outputs.get(i);
      Tensor wanted = expected.get(i);
      if (actual.type() != wanted.type()
          || !actual.shape().equals(wanted.shape())
          || !isNear(actual, wanted)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isNear(Tensor actual, Tensor wanted) {
    ElementType type = wanted.type();
    if (type == ElementType.STRING || !isFloat(type)) {
      return actual.data().equals(wanted.data());
    }
    for (int i = 0; i < wanted.shape().elements(); i++) {
      double a = value(actual, i);
      double b = value(wanted, i);
      if (Double.compare(a, b) != 0 && !(Math.abs(a - b) <= ABSOLUTE + RELATIVE * Math.abs(b))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isFloat(ElementType type) {
    return switch (type) {
      case FLOAT16, BFLOAT16, FLOAT32, FLOAT64 -> true;
      default -> false;
    };
  }

  private static double value(Tensor tensor, int index) {
    ByteBuffer data = tensor.data();
    return switch (tensor.type()) {
      case FLOAT32 -> data.getFloat(index * 4);
      case FLOAT64 -> data.getDouble(index * 8);
      case BFLOAT16 -> Float.intBitsToFloat(data.getShort(index * 2) << 16);
      case FLOAT16 -> half(data.getShort(index * 2));
      default -> throw new IllegalArgumentException(tensor.toString());
    };
  }

  /** The value of an IEEE 754 binary16. */
  private static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude =
        exponent == 0x1f
            ? (fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN)
            : exponent == 0
                ? Math.scalb((double) fraction, -24)
                : Math.scalb((double) (fraction | 0x400), exponent - 25);
    return bits < 0 ? -magnitude : magnitude;
  }

  private static Optional<List<Tensor>> tensors(Path directory, String prefix) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; Files.exists(directory.resolve(prefix + i + ".pb")); i++) {
      Optional<Tensor> tensor = OnnxTensorFile.read(directory.resolve(prefix + i + ".pb"));
      if (tensor.isEmpty()) {
        return Optional.empty();
      }
      tensors.add(tensor.get());
    }
    return Optional.of(tensors);
  }

  /** All directories of cases below the suite's, in the order of their names. */
  static List<Path> directories(Path suite) {
    try (Stream<Path> all = Files.walk(suite, 2)) {
      return all.filter(path -> Files.exists(path.resolve("model.onnx"))).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(suite.toString(), e);
    }
  }
}
