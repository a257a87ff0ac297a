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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Fits a caller's tensors to a model's signature, before any of it reaches the engine.
 *
 * <p>Errors name the field by the model's name for it, such as {@code inputs["image"].shape[0]}; an
 * input that has no name by its position.
 */
public final class ModelInputs {
  private static final String INPUTS = "inputs";
  private static final String OUTPUTS = "outputs";

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
        throw missing(wanted.get(i).name(), i, has(wanted));
      }
      check(wanted.get(i), i, tensor);
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
      throw argument(INPUTS, "got " + tensors.size() + " inputs, the model takes " + names.size());
    }
    long named = tensors.stream().filter(tensor -> !tensor.name().isEmpty()).count();
    if (named != 0 && named != tensors.size()) {
      throw argument(INPUTS, "either all inputs are named or none is");
    }
    Map<Integer, Tensor> given = new HashMap<>();
    for (int i = 0; i < tensors.size(); i++) {
      String name = tensors.get(i).name();
      int index = named == 0 ? i : index(names, INPUTS, "input", name, has);
      if (given.put(index, tensors.get(i)) != null) {
        throw argument(
            field(INPUTS, name, i), "input '" + Printable.name(name) + "' is given twice");
      }
    }
    return given;
  }

  /**
   * The error for an input that is not given.
   *
   * @param index which of the model's inputs
   */
  public static VaccelException missing(String name, int index, String has) {
    return argument(input(name, index), "input '" + Printable.name(name) + "' is missing" + has);
  }

  /**
   * What errors call an input: {@code inputs["image"]}.
   *
   * @param index which of the model's inputs it is
   */
  public static String input(String name, int index) {
    return field(INPUTS, name, index);
  }

  /** The error for a wanted output that the model does not have, or that is wanted twice. */
  public static VaccelException unwanted(String name, String text) {
    return argument(field(OUTPUTS, name, 0), text);
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
      if (!wanted.add(index(names(outputs), OUTPUTS, "output", name, has(outputs)))) {
        throw unwanted(name, "output '" + Printable.name(name) + "' is wanted twice");
      }
    }
    return List.copyOf(wanted);
  }

  /** Where the one with this name is. */
  private static int index(List<String> names, String list, String what, String name, String has) {
    int found = -1;
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(name)) {
        if (found >= 0) {
          throw argument(
              field(list, name, i),
              "the model has several " + what + "s named '" + Printable.name(name) + "'");
        }
        found = i;
      }
    }
    if (found < 0) {
      throw argument(
          field(list, name, 0),
          "the model has no " + what + " '" + Printable.name(name) + "'" + has);
    }
    return found;
  }

  private static void check(TensorInfo wanted, int index, Tensor tensor) {
    misfit(wanted, tensor)
        .ifPresent(
            part -> {
              throw new VaccelException(
                      Reason.TENSOR_INVALID,
                      "input '"
                          + wanted.name()
                          + "' must be "
                          + wanted.type()
                          + wanted.dimensions()
                          + ", got "
                          + tensor.type()
                          + tensor.shape())
                  .about(input(wanted.name(), index) + "." + part);
            });
    checkBooleans(wanted.name(), index, tensor);
  }

  /** The part of the tensor that is not as wanted. */
  private static Optional<String> misfit(TensorInfo wanted, Tensor tensor) {
    List<Long> dimensions = wanted.dimensions();
    if (tensor.type() != wanted.type()) {
      return Optional.of("element_type");
    }
    if (dimensions.equals(TensorInfo.ANY_SHAPE)) {
      return Optional.empty();
    }
    if (tensor.shape().rank() != dimensions.size()) {
      return Optional.of("shape");
    }
    return IntStream.range(0, dimensions.size())
        .filter(i -> dimensions.get(i) >= 0 && dimensions.get(i) != tensor.shape().dimension(i))
        .mapToObj(i -> "shape[" + i + "]")
        .findFirst();
  }

  /**
   * Other bytes than 0 and 1 are undefined behaviour in the engine.
   *
   * @param index which of the model's inputs it is
   * @throws VaccelException {@link Reason#TENSOR_INVALID} when there are any in a BOOL tensor
   */
  public static void checkBooleans(String name, int index, Tensor tensor) {
    if (tensor.type() != ElementType.BOOL) {
      return;
    }
    ByteBuffer data = tensor.data();
    for (int i = 0; i < data.limit(); i++) {
      if ((data.get(i) & ~1) != 0) {
        throw new VaccelException(
                Reason.TENSOR_INVALID,
                "input '" + name + "' is BOOL, but element " + i + " is " + (data.get(i) & 0xff))
            .about(input(name, index) + ".data");
      }
    }
  }

  private static String field(String list, String name, int index) {
    return list + "[" + (name.isEmpty() ? index : "\"" + Printable.name(name) + "\"") + "]";
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

  private static VaccelException argument(String field, String text) {
    return new VaccelException(Reason.ARGUMENT_INVALID, text).about(field);
  }
}
