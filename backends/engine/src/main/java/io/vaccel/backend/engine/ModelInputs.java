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
    Map<Integer, Tensor> given = assign(names(wanted), has(wanted), tensors);
    List<Tensor> matched = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      Tensor tensor = given.get(i);
      if (tensor == null) {
        throw missing(wanted.get(i).name(), has(wanted));
      }
      check(wanted.get(i), tensor);
      matched.add(tensor);
    }
    return matched;
  }

  /**
   * Which tensor is for which input; those that are not given are not in it. For models that tell
   * nothing but names.
   *
   * @param names the model's inputs
   * @param has what the model has, as errors end with
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for an unknown or repeated input
   */
  public static Map<Integer, Tensor> assign(List<String> names, String has, List<Tensor> tensors) {
    if (tensors.size() > names.size()) {
      throw argument("got " + tensors.size() + " inputs, the model takes " + names.size());
    }
    long named = tensors.stream().filter(tensor -> !tensor.name().isEmpty()).count();
    if (named != 0 && named != tensors.size()) {
      throw argument("either all inputs are named or none is");
    }
    Map<Integer, Tensor> given = new HashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      Tensor tensor = tensors.get(i);
      int index = named == 0 ? i : index(names, "input", tensor.name(), has);
      if (given.put(index, tensor) != null) {
        throw argument("input '" + Printable.name(tensor.name()) + "' is given twice");
      }
    }
    return given;
  }

  /** The error for an input that is not given. */
  public static VaccelException missing(String name, String has) {
    return argument("input '" + Printable.name(name) + "' is missing" + has);
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
    List<TensorInfo> outputs = signature.outputs();
    for (String name : names) {
      if (!wanted.add(index(names(outputs), "output", name, has(outputs)))) {
        throw argument("output '" + Printable.name(name) + "' is wanted twice");
      }
    }
    return List.copyOf(wanted);
  }

  /** Where the one with this name is. */
  private static int index(List<String> names, String what, String name, String has) {
    int found = -1;
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name)) {
        if (found >= 0) {
          throw argument(
              "the model has several " + what + "s named '" + Printable.name(name) + "'");
        }
        found = i;
      }
    }
    if (found < 0) {
      throw argument("the model has no " + what + " '" + Printable.name(name) + "'" + has);
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
    checkBooleans(wanted.name(), tensor);
  }

  /**
   * Other bytes than 0 and 1 are undefined behaviour in the engine.
   *
   * @throws VaccelException {@link Reason#TENSOR_INVALID} when there are any in a BOOL tensor
   */
  public static void checkBooleans(String name, Tensor tensor) {
    if (tensor.type() != ElementType.BOOL) {
      return;
    }
    ByteBuffer data = tensor.data();
    for (int i = 0; i < data.limit(); i++) {
      if ((data.get(i) & ~1) != 0) {
        throw new VaccelException(
            Reason.TENSOR_INVALID,
            "input '" + name + "' is BOOL, but element " + i + " is " + (data.get(i) & 0xff));
      }
    }
  }

  private static List<String> names(List<TensorInfo> infos) {
    return infos.stream().map(TensorInfo::name).toList();
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
