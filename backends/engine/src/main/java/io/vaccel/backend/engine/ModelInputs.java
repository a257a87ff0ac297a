package io.vaccel.backend.engine;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Fits a caller's tensors to a model's signature, before any of it reaches the engine. */
public final class ModelInputs {
  private ModelInputs() {}

  /**
   * The tensors in the order of the model's inputs.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for a missing, unknown or repeated
   *     input, {@link Reason#TENSOR_INVALID} for another type or shape than the model's
   */
  public static List<Tensor> match(Signature signature, List<Tensor> tensors) {
    List<TensorInfo> wanted = signature.inputs();
    if (tensors.size() > wanted.size()) {
      throw argument("got " + tensors.size() + " inputs, the model takes " + wanted.size());
    }
    long named = tensors.stream().filter(tensor -> !tensor.name().isEmpty()).count();
    if (named != 0 && named != tensors.size()) {
      throw argument("either all inputs are named or none is");
    }
    Map<Integer, Tensor> given = new HashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      int index = named == 0 ? i : index(wanted, "input", tensor.name());
      if (given.put(index, tensor) != null) {
        throw argument("input '" + Printable.name(tensor.name()) + "' is given twice");
      }
    }
    List<Tensor> matched = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Tensor tensor = given.get(i);
      if (tensor == null) {
        throw argument("input '" + wanted.get(i).name() + "' is missing" + has(wanted));
      }
      check(wanted.get(i), tensor);
      matched.add(tensor);
    }
    return matched;
  }

  /**
   * The wanted outputs as indices, in the wanted order; all when none is named.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for an unknown or repeated output
   */
  public static List<Integer> outputs(Signature signature, List<String> names) {
    if (names.isEmpty()) {
      return IntStream.range(0, signature.outputs().size()).boxed().toList();
    }
    Set<Integer> wanted = new LinkedHashSet<>();
    for (String name : names) {
      if (!wanted.add(index(signature.outputs(), "output", name))) {
        throw argument("output '" + Printable.name(name) + "' is wanted twice");
      }
    }
    return List.copyOf(wanted);
  }

  /** Where the one with this name is. */
  private static int index(List<TensorInfo> infos, String what, String name) {
    int found = -1;
    for (int i = 0; i < infos.size(); i++) {
      if (infos.get(i).name().equals(name)) {
        if (found >= 0) {
          throw argument(
              "the model has several " + what + "s named '" + Printable.name(name) + "'");
        }
        found = i;
      }
    }
    if (found < 0) {
      throw argument("the model has no " + what + " '" + Printable.name(name) + "'" + has(infos));
    }
    return found;
  }

  private static void check(TensorInfo wanted, Tensor tensor) {
    List<Long> dimensions = wanted.dimensions();
    boolean any = dimensions.equals(TensorInfo.ANY_SHAPE);
    boolean fits =
        tensor.type() == wanted.type() && (any || tensor.shape().rank() == dimensions.size());
    for (int i = 0; fits && !any && i < dimensions.size(); i++) {
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

  private static VaccelException argument(String text) {
    return new VaccelException(Reason.ARGUMENT_INVALID, text);
  }
}
