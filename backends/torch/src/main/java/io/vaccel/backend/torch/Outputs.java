package io.vaccel.backend.torch;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.ModelInputs;
import io.vaccel.backend.engine.OutputLimit;
import io.vaccel.backend.engine.Printable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.GenericDict;
import org.bytedeco.pytorch.GenericDictIterator;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.TupleElements;

/**
 * What a run returned, as a list of tensors: those of a dictionary have its keys as names, those of
 * tuples and lists have none, and numbers are tensors of one element. A single one without a name
 * goes by the name that is asked for.
 */
final class Outputs {
  /** More than any model has, and less than would fill the memory when they are empty. */
  private static final int MAX_COUNT = 4096;

  private static final int MAX_DEPTH = 8;

  private final List<IValue> values = new ArrayList<>();
  private final Map<String, Integer> named = new LinkedHashMap<>();

  /**
   * The tensors in what a run returned, in the caller's pointer scope.
   *
   * @throws VaccelException {@link Reason#ENGINE_FAILED} when there is something else in it
   */
  static Outputs of(IValue result) {
    Outputs outputs = new Outputs();
    outputs.add("", result, 0);
    return outputs;
  }

  /**
   * Copies of the wanted ones.
   *
   * @param wanted their names; all when empty
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for an unknown or repeated name
   */
  List<Tensor> copies(List<String> wanted, OutputLimit.Tally tally) {
    if (named.isEmpty() && values.size() == 1 && wanted.size() == 1) {
      named.put(wanted.get(0), 0);
    }
    String[] names = new String[values.size()];
    Arrays.fill(names, "");
    named.forEach((name, index) -> names[index] = name);
    List<Tensor> copies = new ArrayList<>();
    for (int index : indices(wanted)) {
      IValue value = values.get(index);
      copies.add(
          value.isTensor()
              ? EngineTensors.out(names[index], value.toTensor(), tally)
              : number(names[index], value));
    }
    return copies;
  }

  private List<Integer> indices(List<String> wanted) {
    List<Integer> indices = new ArrayList<>();
    if (wanted.isEmpty()) {
      for (int i = 0; i < values.size(); i++) {
        indices.add(i);
      }
    }
    for (String name : wanted) {
      Integer index = named.get(name);
      if (index == null) {
        throw ModelInputs.unwanted(
            name,
            "the model has no output '"
                + Printable.name(name)
                + "'; "
                + (named.isEmpty()
                    ? "its outputs have no names"
                    : "it has "
                        + Printable.name(
                            String.join(", ", named.keySet().stream().limit(10).toList()))));
      }
      if (indices.contains(index)) {
        throw ModelInputs.unwanted(name, "output '" + Printable.name(name) + "' is wanted twice");
      }
      indices.add(index);
    }
    return indices;
  }

  private void add(String name, IValue value, int depth) {
    if (values.size() >= MAX_COUNT || depth > MAX_DEPTH) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED,
          "the model returned more than " + MAX_COUNT + " tensors, or too deep a structure");
    }
    if (value.isTensor() || value.isInt() || value.isDouble() || value.isBool()) {
      if (!name.isEmpty()) {
        named.put(name, values.size());
      }
      values.add(value);
    } else if (value.isTuple()) {
      TupleElements elements = value.toTupleRef().elements();
      for (long i = 0; i < elements.size(); i++) {
        add(member(name, i), elements.get(i), depth + 1);
      }
    } else if (value.isList()) {
      GenericList list = value.toList();
      for (long i = 0; i < list.size(); i++) {
        add(member(name, i), list.get(i), depth + 1);
      }
    } else if (value.isGenericDict()) {
      GenericDict dictionary = value.toGenericDict();
      GenericDictIterator end = dictionary.end();
      for (GenericDictIterator at = dictionary.begin(); at.notEquals(end); at.increment()) {
        IValue key = at.multiply().key();
        String text = key.isString() ? key.toStringRef().getString() : "" + values.size();
        add(name.isEmpty() ? text : name + "." + text, at.multiply().value(), depth + 1);
      }
    } else {
      throw new VaccelException(
          Reason.ENGINE_FAILED,
          "the model returned a " + value.tagKind().getString() + ", which is no tensor");
    }
  }

  private static String member(String name, long index) {
    return name.isEmpty() ? "" : name + "." + index;
  }

  private static Tensor number(String name, IValue value) {
    ByteBuffer data = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (value.isInt()) {
      return Tensor.of(name, ElementType.INT64, Shape.of(), data.putLong(0, value.toInt()));
    }
    if (value.isDouble()) {
      return Tensor.of(name, ElementType.FLOAT64, Shape.of(), data.putDouble(0, value.toDouble()));
    }
    data.put(0, (byte) (value.toBool() ? 1 : 0)).limit(1);
    return Tensor.of(name, ElementType.BOOL, Shape.of(), data);
  }
}
