package io.vaccel.backend.tflite;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has to be known of a TensorFlow Lite file before the interpreter may have it. The numbers of
 * fields and operators are those of TensorFlow Lite's schema, version 3.
 *
 * @param operators the operators that it uses
 * @param inputs the names of its inputs
 * @param outputs the names of its outputs
 */
record ModelGraph(List<OperatorUse> operators, List<String> inputs, List<String> outputs) {
  /** HASHTABLE, VAR_HANDLE and what initialises them. */
  private static final Set<Integer> STATEFUL = Set.of(129, 136, 142);

  /** The most operands of all operators together; the largest models have some 10,000. */
  private static final long MAX_OPERANDS = 4_000_000;

  /**
   * One operator that a model uses.
   *
   * @param builtin its number; 32 when it is a custom one
   * @param custom its name when it is a custom one, else empty
   * @param version the version of its definition
   */
  record OperatorUse(int builtin, String custom, int version) {}

  /** Copies the lists. */
  ModelGraph {
    operators = List.copyOf(operators);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * Reads a file that the engine's verifier has accepted.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when its graph is not sound
   */
  static ModelGraph read(String name, ByteBuffer bytes) {
    try {
      FlatTable model = FlatTable.root(bytes);
      if (model.length(2) == 0) {
        throw new UnsoundGraph("has no graph");
      }
      List<OperatorUse> operators = operators(model);
      long operands = 0;
      for (int i = 0; i < model.length(2); i++) {
        operands += new GraphCheck(model, model.tableAt(2, i)).check(MAX_OPERANDS - operands);
      }
      FlatTable main = model.tableAt(2, 0);
      return new ModelGraph(operators, names(model, main, 0, 1), names(model, main, 1, 2));
    } catch (IndexOutOfBoundsException e) {
      throw unreadable(name, "is damaged or cut off", e);
    } catch (UnsoundGraph e) {
      throw unreadable(name, e.getMessage(), e);
    }
  }

  /** Whether runs leave something behind in the interpreter that later runs can read. */
  boolean keepsState() {
    return operators.stream().anyMatch(operator -> STATEFUL.contains(operator.builtin()));
  }

  private static List<OperatorUse> operators(FlatTable model) {
    List<OperatorUse> operators = new ArrayList<>();
    for (int i = 0; i < model.length(1); i++) {
      FlatTable code = model.tableAt(1, i);
      // Numbers up to 127 are also, and in old files only, in the field of one byte.
      int builtin = Math.max(code.octet(0), code.integer(3, 0));
      operators.add(new OperatorUse(builtin, code.text(1).orElse(""), code.integer(2, 1)));
    }
    return operators;
  }

  /** The names that a signature of the main graph gives, else those of the tensors. */
  private static List<String> names(
      FlatTable model, FlatTable main, int signatureField, int graphField) {
    Map<Integer, String> given = new HashMap<>();
    for (int i = 0; i < model.length(7) && given.isEmpty(); i++) {
      FlatTable signature = model.tableAt(7, i);
      for (int k = 0; signature.integer(4, 0) == 0 && k < signature.length(signatureField); k++) {
        FlatTable entry = signature.tableAt(signatureField, k);
        given.put(entry.integer(1, 0), entry.text(0).orElse(""));
      }
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < main.length(graphField); i++) {
      int tensor = main.integerAt(graphField, i);
      String own = main.tableAt(0, tensor).text(3).orElse("");
      names.add(given.getOrDefault(tensor, own));
    }
    return names;
  }

  private static VaccelException unreadable(String name, String what, Throwable cause) {
    return new VaccelException(Reason.MODEL_UNREADABLE, "model '" + name + "' " + what, cause);
  }
}
