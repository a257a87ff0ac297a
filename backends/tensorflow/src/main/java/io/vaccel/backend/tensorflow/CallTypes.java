package io.vaccel.backend.tensorflow;

import io.vaccel.backend.engine.Printable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * Makes sure that functions take and give what their callers say. TensorFlow takes the callers'
 * word, and ends the process when it was wrong.
 */
final class CallTypes {
  private static final Set<String> LOOPS = Set.of("While", "StatelessWhile");
  private static final Set<String> CALLS =
      Set.of(
          "PartitionedCall",
          "StatefulPartitionedCall",
          "If",
          "StatelessIf",
          "Case",
          "StatelessCase");

  private CallTypes() {}

  /**
   * Checks a node that calls functions.
   *
   * @param functions those of its attributes, which are in the library
   * @throws UnsoundGraph when types differ, or nothing is known of how the operator calls
   */
  static void check(NodeDef node, List<FunctionDef> functions) {
    Map<String, AttrValue> attributes = node.getAttrMap();
    for (FunctionDef function : functions) {
      String name = function.getSignature().getName();
      if (LOOPS.contains(node.getOp())) {
        List<Integer> state = types(attributes, "T");
        boolean goesOn = called(attributes, "cond", name);
        boolean step = called(attributes, "body", name);
        require(node, taken(function).equals(state));
        require(node, !goesOn || given(function).size() == 1);
        require(node, !step || given(function).equals(state));
        require(node, goesOn || step);
      } else {
        require(node, CALLS.contains(node.getOp()));
        require(node, taken(function).equals(types(attributes, "Tin")));
        require(node, given(function).equals(types(attributes, "Tout")));
      }
    }
  }

  private static boolean called(Map<String, AttrValue> attributes, String role, String name) {
    AttrValue value = attributes.get(role);
    return value != null && value.getFunc().getName().equals(name);
  }

  private static List<Integer> types(Map<String, AttrValue> attributes, String name) {
    AttrValue value = attributes.get(name);
    return value == null ? List.of() : value.getList().getTypeValueList();
  }

  private static List<Integer> taken(FunctionDef function) {
    return types(function.getSignature().getInputArgList());
  }

  private static List<Integer> given(FunctionDef function) {
    return types(function.getSignature().getOutputArgList());
  }

  private static List<Integer> types(List<OpDef.ArgDef> arguments) {
    return arguments.stream().map(OpDef.ArgDef::getTypeValue).toList();
  }

  private static void require(NodeDef node, boolean holds) {
    if (!holds) {
      throw new UnsoundGraph(
          "calls a function in node '"
              + Printable.name(node.getName())
              + "' in a way that it is not for");
    }
  }
}
