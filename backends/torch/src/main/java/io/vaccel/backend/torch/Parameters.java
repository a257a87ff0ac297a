package io.vaccel.backend.torch;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.ModelInputs;
import io.vaccel.backend.engine.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.Argument;
import org.bytedeco.pytorch.FunctionSchema;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.Method;
import org.bytedeco.pytorch.StringIValueMap;

/** What the method {@code forward} of a model takes; the language tells no types of elements. */
final class Parameters {
  private final List<Parameter> all;

  /** What a parameter takes. */
  private enum Kind {
    TENSOR,
    INT,
    FLOAT,
    BOOL
  }

  /**
   * One of them.
   *
   * @param optional whether it may be left out
   */
  private record Parameter(String name, Kind kind, boolean optional) {}

  private Parameters(List<Parameter> all) {
    this.all = all;
  }

  /**
   * Those of a method, in the caller's pointer scope.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} for one that must be given and is
   *     neither a tensor nor a number
   */
  static Parameters of(String model, Method forward) {
    FunctionSchema schema = forward.function().getSchema();
    Argument arguments = schema.arguments();
    List<Parameter> all = new ArrayList<>();
    // The first is the module itself.
    for (int i = 1; i < forward.num_inputs(); i++) {
      Argument argument = arguments.getPointer(i);
      String name = argument.name().getString();
      String type = argument.type().get().annotation_str().getString();
      boolean optional = argument.default_value().has_value();
      switch (type) {
        case "Tensor", "Optional[Tensor]" -> all.add(new Parameter(name, Kind.TENSOR, optional));
        case "int" -> all.add(new Parameter(name, Kind.INT, optional));
        case "float" -> all.add(new Parameter(name, Kind.FLOAT, optional));
        case "bool" -> all.add(new Parameter(name, Kind.BOOL, optional));
        default -> {
          if (!optional) {
            throw new VaccelException(
                Reason.MODEL_UNREADABLE,
                "model '"
                    + model
                    + "' takes a "
                    + Printable.name(type)
                    + " as '"
                    + Printable.name(name)
                    + "'; only tensors and numbers can be given");
          }
        }
      }
    }
    return new Parameters(all);
  }

  /**
   * Tensors as what the method takes, by name, in the caller's pointer scope.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for a missing, unknown or repeated
   *     input, {@link Reason#TENSOR_INVALID} for one that cannot be what the parameter takes
   */
  StringIValueMap arguments(List<Tensor> inputs) {
    List<String> names = all.stream().map(Parameter::name).toList();
    String has = "; it takes " + Printable.name(String.join(", ", names));
    Map<Integer, Tensor> given = ModelInputs.assign(names, has, inputs);
    StringIValueMap arguments = new StringIValueMap();
    for (int i = 0; i < all.size(); i++) {
      Parameter parameter = all.get(i);
      Tensor tensor = given.get(i);
      if (tensor != null) {
        ModelInputs.checkBooleans(parameter.name(), i, tensor);
        try {
          arguments.put(new BytePointer(parameter.name()), value(parameter, tensor));
        } catch (VaccelException e) {
          throw e.about(ModelInputs.input(parameter.name(), i));
        }
      } else if (!parameter.optional()) {
        throw ModelInputs.missing(parameter.name(), i, has);
      }
    }
    return arguments;
  }

  private static IValue value(Parameter parameter, Tensor tensor) {
    if (parameter.kind() == Kind.TENSOR) {
      return new IValue(EngineTensors.in(parameter.name(), tensor));
    }
    ElementType wanted =
        switch (parameter.kind()) {
          case INT -> ElementType.INT64;
          case FLOAT -> ElementType.FLOAT64;
          case BOOL, TENSOR -> ElementType.BOOL;
        };
    if (tensor.type() != wanted || tensor.shape().elements() != 1) {
      throw new VaccelException(
          Reason.TENSOR_INVALID,
          "input '"
              + Printable.name(parameter.name())
              + "' is a number: it must be one "
              + wanted
              + ", got "
              + tensor.type()
              + tensor.shape());
    }
    return switch (parameter.kind()) {
      case INT -> new IValue(tensor.data().getLong(0));
      case FLOAT -> new IValue(tensor.data().getDouble(0));
      case BOOL, TENSOR -> new IValue(tensor.data().get(0) != 0);
    };
  }
}
