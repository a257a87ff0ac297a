package io.vaccel.backend.tensorflow;

import io.vaccel.backend.engine.Printable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;

/**
 * The functions of a graph: checks those that are called, and tells which of their arguments are
 * names of files.
 */
final class Functions {
  private static final int MAX_DEPTH = 100;

  /** The operators that read a file, and which input names it. */
  private static final Map<String, Integer> READERS =
      Map.of("RestoreV2", 0, "InitializeTableFromTextFile", 1, "InitializeTableFromTextFileV2", 1);

  private static final Set<String> CONSTANTS = Set.of("Const", "HostConst");

  private final Map<String, FunctionDef> library = new HashMap<>();
  private final Map<String, FunctionDef> taken = new LinkedHashMap<>();
  private final Map<Operators, Map<String, Set<Integer>>> fileArguments = new HashMap<>();
  private final Set<String> entered = new LinkedHashSet<>();

  Functions(FunctionDefLibrary all) {
    for (FunctionDef function : all.getFunctionList()) {
      library.put(function.getSignature().getName(), function);
    }
  }

  /** Those that were called. */
  Collection<FunctionDef> taken() {
    return taken.values();
  }

  /**
   * Checks a node and the functions that it calls.
   *
   * @return which of its inputs must be names of the model's own files
   * @throws UnsoundGraph when something in it is not allowed
   */
  Set<Integer> filesOf(NodeDef node, Operators allowed) {
    Set<String> called = new TreeSet<>();
    node.getAttrMap().values().forEach(value -> collect(value, called, 0));
    if (library.containsKey(node.getOp())) {
      called.add(node.getOp());
    } else if (!allowed.allow(node.getOp())) {
      throw new UnsoundGraph(
          "uses operator '"
              + Printable.name(node.getOp())
              + "', which is not allowed"
              + (Operators.INITIALISE.allow(node.getOp())
                  ? " in a run: it would change the model for others"
                  : " in models of guests"));
    }
    Set<Integer> files = new TreeSet<>();
    for (String function : called) {
      files.addAll(filesOf(function, allowed));
    }
    if (!library.containsKey(node.getOp())) {
      Definitions.check(node);
      requireSoundConstant(node);
      CallTypes.check(node, called.stream().map(library::get).toList());
    }
    if (!files.isEmpty() && !node.getOp().equals("StatefulPartitionedCall")) {
      // Others number their inputs otherwise, or may be computed ahead of time.
      throw foreignFile(node);
    }
    if (allowed.readsFiles() && READERS.containsKey(node.getOp())) {
      files.add(READERS.get(node.getOp()));
    }
    return files;
  }

  /** TensorFlow's optimiser takes one type, its operators the other. */
  private static void requireSoundConstant(NodeDef node) {
    if (CONSTANTS.contains(node.getOp())) {
      DataType type = node.getAttrOrThrow("dtype").getType();
      if (node.getAttrOrThrow("value").getTensor().getDtype() != type
          || type == DataType.DT_RESOURCE
          || type == DataType.DT_VARIANT) {
        throw new UnsoundGraph(
            "has a constant of another type than it says in node '"
                + Printable.name(node.getName())
                + "'");
      }
    }
  }

  static UnsoundGraph foreignFile(NodeDef node) {
    return new UnsoundGraph(
        "reads a file that is not its own in node '" + Printable.name(node.getName()) + "'");
  }

  private Set<Integer> filesOf(String name, Operators allowed) {
    Map<String, Set<Integer>> known =
        fileArguments.computeIfAbsent(allowed, unused -> new HashMap<>());
    if (known.containsKey(name)) {
      return known.get(name);
    }
    FunctionDef function = library.get(name);
    if (function == null) {
      throw new UnsoundGraph("lacks the function '" + Printable.name(name) + "'");
    }
    if (!entered.add(name) || entered.size() > MAX_DEPTH) {
      throw new UnsoundGraph("has functions that call themselves, or too deep a chain of calls");
    }
    Set<Integer> files = check(function, allowed);
    entered.remove(name);
    taken.put(name, function);
    known.put(name, files);
    return files;
  }

  private Set<Integer> check(FunctionDef function, Operators allowed) {
    OpDef signature = function.getSignature();
    if (signature.getAttrCount() > 0) {
      throw new UnsoundGraph(
          "has a function for several types, '" + Printable.name(signature.getName()) + "'");
    }
    Set<String> called = new TreeSet<>();
    function.getAttrMap().values().forEach(value -> collect(value, called, 0));
    called.forEach(other -> filesOf(other, allowed));
    List<String> arguments =
        signature.getInputArgList().stream().map(OpDef.ArgDef::getName).toList();
    Map<String, NodeDef> nodes = new HashMap<>();
    for (NodeDef node : function.getNodeDefList()) {
      if (nodes.put(node.getName(), node) != null || arguments.contains(node.getName())) {
        throw new UnsoundGraph("has two nodes named '" + Printable.name(node.getName()) + "'");
      }
    }
    Set<Integer> files = new TreeSet<>();
    for (NodeDef node : function.getNodeDefList()) {
      for (int input : filesOf(node, allowed)) {
        if (input >= node.getInputCount()) {
          throw foreignFile(node);
        }
        int argument = arguments.indexOf(origin(node.getInput(input), arguments, nodes));
        if (argument < 0) {
          throw foreignFile(node);
        }
        files.add(argument);
      }
    }
    return files;
  }

  /** Where a tensor of a function comes from when operators that only hand it on are passed. */
  private static String origin(String input, List<String> arguments, Map<String, NodeDef> nodes) {
    String name = GraphCheck.nodeOf(input);
    Set<String> passed = new HashSet<>();
    while (!arguments.contains(name)) {
      NodeDef node = nodes.get(name);
      if (node == null
          || !node.getOp().equals("Identity")
          || node.getInputCount() == 0
          || !passed.add(name)) {
        return "";
      }
      name = GraphCheck.nodeOf(node.getInput(0));
    }
    return name;
  }

  /** The functions that an attribute names. */
  private static void collect(AttrValue value, Set<String> called, int depth) {
    if (depth > MAX_DEPTH) {
      throw new UnsoundGraph("has functions in functions in functions");
    }
    if (value.hasFunc()) {
      called.add(value.getFunc().getName());
      value.getFunc().getAttrMap().values().forEach(inner -> collect(inner, called, depth + 1));
    }
    if (value.hasList()) {
      value
          .getList()
          .getFuncList()
          .forEach(
              func -> {
                called.add(func.getName());
                func.getAttrMap().values().forEach(inner -> collect(inner, called, depth + 1));
              });
    }
  }
}
