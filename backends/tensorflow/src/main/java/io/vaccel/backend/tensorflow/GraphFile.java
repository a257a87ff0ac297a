package io.vaccel.backend.tensorflow;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Parser;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.ModelContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;

/**
 * Reads a frozen graph. Its inputs are its placeholders, its outputs the operations that nothing in
 * it uses, both in the order in which they stand in the file.
 */
final class GraphFile {
  private static final Set<String> INPUTS =
      Set.of("Placeholder", "PlaceholderV2", "PlaceholderWithDefault");

  private GraphFile() {}

  /**
   * A graph from a file.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when it is none
   * @throws UnsoundGraph when it may not be used
   */
  static ModelSource read(ResourceFile file) {
    GraphDef graph = parse(file, GraphDef.getDescriptor(), GraphDef.parser());
    Set<String> used = new HashSet<>();
    for (NodeDef node : graph.getNodeList()) {
      node.getInputList().forEach(input -> used.add(GraphCheck.nodeOf(input)));
    }
    List<NamedTensor> inputs = new ArrayList<>();
    List<NamedTensor> outputs = new ArrayList<>();
    GraphCheck check = new GraphCheck(graph, List.of());
    for (NodeDef node : graph.getNodeList()) {
      check.need(node.getName(), Operators.RUN);
      if (INPUTS.contains(node.getOp())) {
        inputs.add(new NamedTensor(node.getName(), node.getName(), 0));
      } else if (!used.contains(node.getName())) {
        outputs.add(new NamedTensor(node.getName(), node.getName(), NamedTensor.ALL));
      }
    }
    if (outputs.isEmpty()) {
      throw new UnsoundGraph("has no operation that gives a result");
    }
    return new ModelSource(
        check.taken(), inputs, outputs, Optional.empty(), Optional.empty(), Map.of());
  }

  /**
   * A message from a file; large parts of it stay in the file's memory.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when it is none
   */
  static <M> M parse(ResourceFile file, Descriptor type, Parser<M> parser) {
    ByteBuffer bytes = ModelContent.direct(file);
    try {
      ProtoSize.check(bytes, type);
      CodedInputStream in = ProtoSize.open(bytes);
      M message = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return message;
    } catch (IOException e) {
      throw new VaccelException(
          Reason.MODEL_UNREADABLE,
          "model '" + file.name() + "' is no TensorFlow " + type.getName() + ", or is damaged",
          e);
    }
  }
}
