package io.vaccel.backend.tensorflow;

import io.vaccel.backend.engine.Printable;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDefLibrary;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Takes from a graph what is needed to compute some of its nodes, and makes sure that all of it, in
 * functions too, is allowed. What is not needed does not count, because TensorFlow never sees it.
 */
final class GraphCheck {
  private final GraphDef graph;
  private final Map<String, NodeDef> nodes = new LinkedHashMap<>();
  private final Functions functions;
  private final Set<String> files = new HashSet<>();
  private final Set<String> kept = new HashSet<>();
  private final Map<Operators, Set<String>> seen = new HashMap<>();

  /**
   * A graph of which nothing is taken yet.
   *
   * @param files the nodes whose value is the name of a file of the model, whatever the graph says
   * @throws UnsoundGraph when two nodes have the same name
   */
  GraphCheck(GraphDef graph, Collection<String> files) {
    this.graph = graph;
    this.functions = new Functions(graph.getLibrary());
    this.files.addAll(files);
    for (NodeDef node : graph.getNodeList()) {
      if (nodes.put(node.getName(), node) != null) {
        throw new UnsoundGraph("has two nodes named '" + Printable.name(node.getName()) + "'");
      }
    }
    for (String file : this.files) {
      node(file);
    }
    readNamesDirectly();
  }

  /** Takes a node and all that it needs, which must be allowed. */
  void need(String name, Operators allowed) {
    Set<String> known = seen.computeIfAbsent(allowed, unused -> new HashSet<>());
    Deque<String> todo = new ArrayDeque<>();
    todo.push(name);
    while (!todo.isEmpty()) {
      String next = todo.pop();
      if (!known.add(next)) {
        continue;
      }
      NodeDef node = node(next);
      kept.add(next);
      if (!files.contains(next)) {
        check(node, allowed);
        node.getInputList().forEach(input -> todo.push(nodeOf(input)));
      }
    }
  }

  /** What was taken. Names of files are inputs in it: what the graph says they are is gone. */
  GraphDef taken() {
    GraphDef.Builder builder = GraphDef.newBuilder().setVersions(graph.getVersions());
    for (NodeDef node : nodes.values()) {
      if (kept.contains(node.getName())) {
        builder.addNode(files.contains(node.getName()) ? fed(node) : node);
      }
    }
    return builder
        .setLibrary(FunctionDefLibrary.newBuilder().addAllFunction(functions.taken()))
        .build();
  }

  /** The node that an input of a node in the graph comes from: {@code ^node}, {@code node:1}. */
  static String nodeOf(String input) {
    String name = input.startsWith("^") ? input.substring(1) : input;
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  private void check(NodeDef node, Operators allowed) {
    for (int input : functions.filesOf(node, allowed)) {
      if (input >= node.getInputCount() || !isFile(node.getInput(input))) {
        throw Functions.foreignFile(node);
      }
    }
  }

  /** Whether a tensor is the name of a file of the model, perhaps handed on. */
  private boolean isFile(String input) {
    NodeDef node = node(nodeOf(input));
    Set<String> passed = new HashSet<>();
    while (!files.contains(node.getName())) {
      if (!node.getOp().equals("Identity")
          || node.getInputCount() == 0
          || !passed.add(node.getName())) {
        return false;
      }
      node = node(nodeOf(node.getInput(0)));
    }
    return true;
  }

  private NodeDef node(String name) {
    NodeDef node = nodes.get(name);
    if (node == null) {
      throw new UnsoundGraph("lacks the node '" + Printable.name(name) + "'");
    }
    return node;
  }

  /**
   * TensorFlow 2 keeps the name of a file in a variable. Where a read of it is asked for, it gets
   * the name itself, so that nothing else that the variable may be made to hold is ever a file's
   * name.
   */
  private void readNamesDirectly() {
    Map<String, Set<String>> names = new HashMap<>();
    for (NodeDef node : nodes.values()) {
      if (node.getOp().equals("AssignVariableOp")
          && node.getInputCount() > 1
          && files.contains(nodeOf(node.getInput(1)))) {
        names
            .computeIfAbsent(node.getInput(0), unused -> new HashSet<>())
            .add(nodeOf(node.getInput(1)));
      }
    }
    nodes.replaceAll(
        (name, node) -> {
          Set<String> found =
              node.getOp().equals("ReadVariableOp") && node.getInputCount() > 0
                  ? names.getOrDefault(node.getInput(0), Set.of())
                  : Set.of();
          return found.size() == 1 ? handingOn(found.iterator().next(), node) : node;
        });
  }

  private static NodeDef handingOn(String file, NodeDef read) {
    return NodeDef.newBuilder()
        .setName(read.getName())
        .setOp("Identity")
        .addInput(file)
        .addAllInput(read.getInputList().subList(1, read.getInputCount()))
        .putAttr("T", AttrValue.newBuilder().setType(DataType.DT_STRING).build())
        .build();
  }

  private static NodeDef fed(NodeDef node) {
    return NodeDef.newBuilder()
        .setName(node.getName())
        .setOp("Placeholder")
        .putAttr("dtype", AttrValue.newBuilder().setType(DataType.DT_STRING).build())
        .build();
  }
}
