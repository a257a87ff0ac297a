package io.vaccel.backend.tensorflow;

import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_DeleteImportGraphDefOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphGetTensorNumDims;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphGetTensorShape;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphImportGraphDef;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_GraphOperationByName;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewBuffer;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewGraph;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_NewImportGraphDefOptions;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationNumOutputs;
import static org.tensorflow.internal.c_api.global.tensorflow.TF_OperationOutputType;

import com.google.protobuf.CodedOutputStream;
import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.tensorflow.internal.c_api.TF_Buffer;
import org.tensorflow.internal.c_api.TF_Graph;
import org.tensorflow.internal.c_api.TF_ImportGraphDefOptions;
import org.tensorflow.internal.c_api.TF_Operation;
import org.tensorflow.internal.c_api.TF_Output;
import org.tensorflow.proto.GraphDef;

/** A graph in TensorFlow; safe for use by several threads, as nothing changes it. */
final class NativeGraph implements AutoCloseable {
  private final TF_Graph graph;

  /**
   * A tensor of it.
   *
   * @param info the caller's name for it, its type and shape
   * @param operation what gives it
   * @param index which of the operation's outputs it is
   */
  record Port(TensorInfo info, TF_Operation operation, int index) {}

  private NativeGraph(TF_Graph graph) {
    this.graph = graph;
  }

  /**
   * Gives a checked graph to TensorFlow.
   *
   * @throws VaccelException {@link Reason#MODEL_UNREADABLE} when it does not take it
   */
  static NativeGraph of(String model, GraphDef definition) {
    NativeGraph made = new NativeGraph(TF_NewGraph());
    TF_ImportGraphDefOptions options = TF_NewImportGraphDefOptions();
    TF_Buffer buffer = TF_NewBuffer();
    try (Status status = new Status();
        BytePointer bytes = bytes(model, definition)) {
      buffer.data(bytes).length(bytes.limit());
      TF_GraphImportGraphDef(made.graph, buffer, options, status.handle());
      status.require(
          Reason.MODEL_UNREADABLE, "model '" + model + "' is not accepted by TensorFlow");
      return made;
    } catch (RuntimeException | Error e) {
      made.close();
      throw e;
    } finally {
      TF_DeleteBuffer(buffer);
      TF_DeleteImportGraphDefOptions(options);
    }
  }

  TF_Graph handle() {
    return graph;
  }

  /**
   * The operation with this name.
   *
   * @throws UnsoundGraph when there is none
   */
  TF_Operation operation(String name) {
    TF_Operation operation = TF_GraphOperationByName(graph, name);
    if (Pointer.isNull(operation)) {
      throw new UnsoundGraph("lacks the node '" + Printable.name(name) + "'");
    }
    return operation;
  }

  /**
   * The tensors that a name stands for: one, or all outputs of an operation.
   *
   * @throws UnsoundGraph when there is none, or one whose element type is not ours
   */
  List<Port> ports(NamedTensor tensor) {
    TF_Operation operation = operation(tensor.node());
    int outputs = TF_OperationNumOutputs(operation);
    if (tensor.index() == NamedTensor.ALL) {
      return IntStream.range(0, outputs)
          .mapToObj(i -> port(i == 0 ? tensor.name() : tensor.name() + ":" + i, operation, i))
          .toList();
    }
    if (tensor.index() >= outputs) {
      throw new UnsoundGraph("has no tensor for '" + Printable.name(tensor.name()) + "'");
    }
    return List.of(port(tensor.name(), operation, tensor.index()));
  }

  @Override
  public void close() {
    TF_DeleteGraph(graph);
  }

  private Port port(String name, TF_Operation operation, int index) {
    try (TF_Output output = new TF_Output();
        Status status = new Status()) {
      output.oper(operation).index(index);
      ElementType type =
          TensorFlowTypes.of(TF_OperationOutputType(output))
              .orElseThrow(
                  () ->
                      new UnsoundGraph(
                          "gives or takes '"
                              + Printable.name(name)
                              + "', whose element type is not supported"));
      int rank = TF_GraphGetTensorNumDims(graph, output, status.handle());
      status.require(Reason.MODEL_UNREADABLE, "the shape of '" + Printable.name(name) + "'");
      if (rank < 0) {
        return new Port(new TensorInfo(name, type, TensorInfo.ANY_SHAPE), operation, index);
      }
      long[] dimensions = new long[rank];
      if (rank > 0) {
        TF_GraphGetTensorShape(graph, output, dimensions, rank, status.handle());
        status.require(Reason.MODEL_UNREADABLE, "the shape of '" + Printable.name(name) + "'");
      }
      List<Long> sizes = LongStream.of(dimensions).boxed().toList();
      return new Port(new TensorInfo(name, type, sizes), operation, index);
    }
  }

  private static BytePointer bytes(String model, GraphDef definition) {
    int size = definition.getSerializedSize();
    if (size < 0) {
      throw new VaccelException(
          Reason.MODEL_UNREADABLE, "model '" + model + "' has more than 2 GiB in one file");
    }
    try {
      // The address of a buffer of no bytes is no address.
      ByteBuffer bytes = ByteBuffer.allocateDirect(Math.max(1, size)).limit(size);
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      definition.writeTo(out);
      out.flush();
      return new BytePointer(bytes.flip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
