package io.vaccel.backend.onnx;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Fits a caller's tensors to a model's signature, before any of it reaches the engine. */
final class Inputs {
  private Inputs() {}

  /**
   * The tensors by the names of the model's inputs, in the model's order.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for a missing, unknown or repeated
   *     input, {@link Reason#TENSOR_INVALID} for another type or shape than the model's
   */
  static Map<String, Tensor> match(Signature signature, List<Tensor> tensors) {
    Map<String, Tensor> given = byName(signature, tensors);
    Map<String, Tensor> matched = new LinkedHashMap<>();
    for (TensorInfo wanted : signature.inputs()) {
      Tensor tensor = given.remove(wanted.name());
      if (tensor == null) {
        throw argument("input '" + wanted.name() + "' is missing" + has(signature.inputs()));
      }
      check(wanted, tensor);
      matched.put(wanted.name(), tensor);
    }
    for (String unknown : given.keySet()) {
      throw argument("the model has no input '" + shown(unknown) + "'" + has(signature.inputs()));
    }
    return matched;
  }

  /**
   * The names of the wanted outputs, in the wanted order; all when none is named.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for an unknown or repeated output
   */
  static Set<String> outputs(Signature signature, List<String> names) {
    Set<String> known = new LinkedHashSet<>();
    signature.outputs().forEach(output -> known.add(output.name()));
    if (names.isEmpty()) {
      return known;
    }
    Set<String> wanted = new LinkedHashSet<>();
    for (String name : names) {
      if (!known.contains(name)) {
        throw argument("the model has no output '" + shown(name) + "'" + has(signature.outputs()));
      }
      if (!wanted.add(name)) {
        throw argument("output '" + shown(name) + "' is wanted twice");
      }
    }
    return wanted;
  }

  private static Map<String, Tensor> byName(Signature signature, List<Tensor> tensors) {
    List<TensorInfo> inputs = signature.inputs();
    if (tensors.size() > inputs.size()) {
      throw argument("got " + tensors.size() + " inputs, the model takes " + inputs.size());
    }
    long named = tensors.stream().filter(tensor -> !tensor.name().isEmpty()).count();
    if (named != 0 && named != tensors.size()) {
      throw argument("either all inputs are named or none is");
    }
    Map<String, Tensor> byName = new LinkedHashMap<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < tensors.size(); i++) {
      String name = named == 0 ? inputs.get(i).name() : tensors.get(i).name();
      if (!seen.add(name)) {
        throw argument("input '" + shown(name) + "' is given twice");
      }
      byName.put(name, tensors.get(i));
    }
    return byName;
  }

  private static void check(TensorInfo wanted, Tensor tensor) {
    List<Long> dimensions = wanted.dimensions();
    boolean fits = tensor.type() == wanted.type() && tensor.shape().rank() == dimensions.size();
    for (int i = 0; fits && i < dimensions.size(); i++) {
      fits = dimensions.get(i) < 0 || dimensions.get(i) == tensor.shape().dimension(i);
    }
    if (!fits) {
      throw new VaccelException(
          Reason.TENSOR_INVALID,
          "input '"
              + wanted.name()
              + "' must be "
              + wanted.type()
              + wanted.dimensions()
              + ", got "
              + tensor.type()
              + tensor.shape());
    }
    if (tensor.type() == ElementType.BOOL) {
      checkBooleans(wanted.name(), tensor.data());
    }
  }

  /** Other bytes than 0 and 1 are undefined behaviour in the engine. */
  private static void checkBooleans(String name, ByteBuffer data) {
    for (int i = 0; i < data.limit(); i++) {
      if ((data.get(i) & ~1) != 0) {
        throw new VaccelException(
            Reason.TENSOR_INVALID,
            "input '" + name + "' is BOOL, but element " + i + " is " + (data.get(i) & 0xff));
      }
    }
  }

  private static String has(List<TensorInfo> infos) {
    return infos.stream()
        .limit(10)
        .map(TensorInfo::toString)
        .collect(Collectors.joining(", ", "; it has " + (infos.isEmpty() ? "none" : ""), ""));
  }

  private static String shown(String name) {
    String printable = name.replaceAll("[^ -~]", "?");
    return printable.length() <= 80 ? printable : printable.substring(0, 80) + "...";
  }

  private static VaccelException argument(String text) {
    return new VaccelException(Reason.ARGUMENT_INVALID, text);
  }
}
