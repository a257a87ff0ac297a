package io.vaccel.backend.tflite;

import io.vaccel.backend.engine.Printable;
import java.util.BitSet;

/**
 * Makes sure that each tensor of a graph is written before it is read, and that no constant is
 * written. The interpreter checks neither: memory that nobody wrote may hold what another guest
 * left there, and constants lie in read-only memory, where a write ends the process.
 */
final class GraphCheck {
  /** Shapes of more dimensions than any operator takes. */
  private static final int MAX_RANK = 32;

  private final FlatTable model;
  private final FlatTable graph;
  private final int tensors;
  private final BitSet constant = new BitSet();
  private final BitSet written = new BitSet();

  GraphCheck(FlatTable model, FlatTable graph) {
    this.model = model;
    this.graph = graph;
    this.tensors = graph.length(0);
  }

  /**
   * Checks the graph.
   *
   * @param maxOperands the most operands that its operators may have together
   * @return how many they have
   * @throws UnsoundGraph when it is not sound
   */
  long check(long maxOperands) {
    for (int i = 0; i < tensors; i++) {
      look(i);
    }
    BitSet inputs = new BitSet();
    for (int i = 0; i < graph.length(1); i++) {
      int input = tensor(graph.integerAt(1, i));
      if (inputs.get(input) || constant.get(input)) {
        throw new UnsoundGraph("has " + named(input) + " as an input that cannot be one");
      }
      inputs.set(input);
    }
    written.or(inputs);
    written.or(constant);
    long operands = 0;
    for (int i = 0; i < graph.length(3); i++) {
      FlatTable operator = graph.tableAt(3, i);
      operands += (long) operator.length(1) + operator.length(2);
      if (operands > maxOperands) {
        throw new UnsoundGraph("has too many operands");
      }
      check(operator);
    }
    for (int i = 0; i < graph.length(2); i++) {
      requireWritten(tensor(graph.integerAt(2, i)));
    }
    return operands;
  }

  private void look(int index) {
    FlatTable tensor = graph.tableAt(0, index);
    if (tensor.length(0) > MAX_RANK) {
      throw new UnsoundGraph("has " + named(index) + " with " + tensor.length(0) + " dimensions");
    }
    boolean empty = false;
    for (int i = 0; i < tensor.length(0); i++) {
      empty |= tensor.integerAt(0, i) == 0;
    }
    int buffer = tensor.integer(2, 0);
    if (buffer < 0 || buffer >= Math.max(1, model.length(4))) {
      throw new UnsoundGraph("has " + named(index) + " in a buffer that is not there");
    }
    boolean variable = tensor.octet(5) != 0;
    if (variable || empty) {
      written.set(index);
    }
    if (!variable && buffer < model.length(4) && hasData(model.tableAt(4, buffer))) {
      constant.set(index);
    }
  }

  /** Data in the buffer, or beyond the flat buffer's end at an offset. */
  private static boolean hasData(FlatTable buffer) {
    return buffer.length(0) > 0 || buffer.integer(1, 0) > 1;
  }

  private void check(FlatTable operator) {
    int code = operator.integer(0, 0);
    if (code < 0 || code >= model.length(1)) {
      throw new UnsoundGraph("uses an operator that it does not name");
    }
    for (int i = 0; i < operator.length(1); i++) {
      // -1 stands for an optional operand that is left out.
      if (operator.integerAt(1, i) != -1) {
        requireWritten(tensor(operator.integerAt(1, i)));
      }
    }
    for (int i = 0; i < operator.length(2); i++) {
      if (operator.integerAt(2, i) != -1) {
        int output = tensor(operator.integerAt(2, i));
        if (constant.get(output)) {
          throw new UnsoundGraph("writes to " + named(output) + ", which is constant");
        }
        written.set(output);
      }
    }
  }

  private void requireWritten(int tensor) {
    if (!written.get(tensor)) {
      throw new UnsoundGraph("reads " + named(tensor) + ", which nothing computes before");
    }
  }

  private int tensor(int index) {
    if (index < 0 || index >= tensors) {
      throw new UnsoundGraph("names tensor " + index + " of " + tensors);
    }
    return index;
  }

  private String named(int tensor) {
    return "tensor '" + Printable.name(graph.tableAt(0, tensor).text(3).orElse("")) + "'";
  }
}
