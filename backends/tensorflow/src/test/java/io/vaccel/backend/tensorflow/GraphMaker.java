package io.vaccel.backend.tensorflow;

import com.google.protobuf.ByteString;
import io.vaccel.ElementType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NameAttrList;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.proto.VersionDef;

/** Writes graphs, node by node. */
final class GraphMaker {
  private final GraphDef.Builder graph =
      GraphDef.newBuilder().setVersions(VersionDef.newBuilder().setProducer(1882));

  /** An input; a negative size is any. */
  GraphMaker input(String name, ElementType type, long... dimensions) {
    return add(
        node(name, "Placeholder")
            .putAttr("dtype", type(type))
            .putAttr("shape", AttrValue.newBuilder().setShape(shape(dimensions)).build()));
  }

  /** A node whose attribute {@code T} is the type; the others follow by {@link #add}. */
  GraphMaker operator(String name, String operator, ElementType type, String... inputs) {
    return add(node(name, operator, inputs).putAttr("T", type(type)));
  }

  GraphMaker constant(String name, long value) {
    return add(constantNode(name, ElementType.INT64, number(8).putLong(0, value)));
  }

  GraphMaker text(String name, String value) {
    return add(
        node(name, "Const")
            .putAttr("dtype", type(ElementType.STRING))
            .putAttr(
                "value",
                AttrValue.newBuilder()
                    .setTensor(
                        TensorProto.newBuilder()
                            .setDtype(DataType.DT_STRING)
                            .setTensorShape(shape())
                            .addStringVal(ByteString.copyFromUtf8(value)))
                    .build()));
  }

  GraphMaker add(NodeDef.Builder node) {
    graph.addNode(node);
    return this;
  }

  GraphMaker function(FunctionDef.Builder function) {
    graph.getLibraryBuilder().addFunction(function);
    return this;
  }

  GraphDef build() {
    return graph.build();
  }

  ByteBuffer bytes() {
    return graph.build().toByteString().asReadOnlyByteBuffer();
  }

  static NodeDef.Builder node(String name, String operator, String... inputs) {
    return NodeDef.newBuilder().setName(name).setOp(operator).addAllInput(List.of(inputs));
  }

  static NodeDef.Builder constantNode(String name, ElementType type, ByteBuffer value, long... d) {
    return node(name, "Const")
        .putAttr("dtype", type(type))
        .putAttr(
            "value",
            AttrValue.newBuilder()
                .setTensor(
                    TensorProto.newBuilder()
                        .setDtypeValue(TensorFlowTypes.number(type))
                        .setTensorShape(shape(d))
                        .setTensorContent(ByteString.copyFrom(value)))
                .build());
  }

  static AttrValue type(ElementType type) {
    return AttrValue.newBuilder().setTypeValue(TensorFlowTypes.number(type)).build();
  }

  static AttrValue types(ElementType... types) {
    AttrValue.ListValue.Builder list = AttrValue.ListValue.newBuilder();
    for (ElementType type : types) {
      list.addTypeValue(TensorFlowTypes.number(type));
    }
    return AttrValue.newBuilder().setList(list).build();
  }

  static AttrValue call(String function) {
    return AttrValue.newBuilder().setFunc(NameAttrList.newBuilder().setName(function)).build();
  }

  static TensorShapeProto shape(long... dimensions) {
    return TensorShapeProto.newBuilder()
        .addAllDim(
            LongStream.of(dimensions)
                .mapToObj(size -> TensorShapeProto.Dim.newBuilder().setSize(size).build())
                .collect(Collectors.toList()))
        .build();
  }

  static OpDef.ArgDef argument(String name, ElementType type) {
    return OpDef.ArgDef.newBuilder()
        .setName(name)
        .setTypeValue(TensorFlowTypes.number(type))
        .build();
  }

  static ByteBuffer number(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
