package io.vaccel.backend.tensorflow;

import io.vaccel.ElementType;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.contract.ModelKit;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** TensorFlow models as SavedModels, without variables. */
public class SavedModelKit implements ModelKit {
  @Override
  public ModelFormat format() {
    return ModelFormat.TENSORFLOW_SAVED_MODEL;
  }

  @Override
  public String plugin() {
    return TensorFlowProvider.NAME;
  }

  @Override
  public Set<ElementType> types() {
    return EnumSet.allOf(ElementType.class);
  }

  @Override
  public ModelSpec identity(ElementType type, long... dimensions) {
    return spec(TinyGraphs.identity(type, dimensions), List.of("x"), List.of("y"));
  }

  @Override
  public ModelSpec sumAndDifference() {
    return spec(TinyGraphs.sumAndDifference(), List.of("a", "b"), List.of("sum", "difference"));
  }

  @Override
  public ModelSpec counting() {
    return spec(TinyGraphs.counting(), List.of("n", "x"), List.of("y"));
  }

  @Override
  public List<Refused> refused() {
    GraphMaker reader = TinyGraphs.readsFile("/etc/hostname");
    return List.of(
        new Refused(spec(reader, List.of(), List.of("y")), "'ReadFile'"),
        new Refused(spec(TinyGraphs.sumAndDifference(), List.of("c"), List.of("sum")), "'c'"),
        new Refused(spec(TinyGraphs.sumAndDifference(), List.of("a"), List.of()), "outputs"));
  }

  @Override
  public ModelSpec spec(ByteBuffer bytes) {
    return new ModelSpec(Resource.ofBytes(ResourceKind.MODEL, format().suffix(), bytes), format());
  }

  /** One whose signature has the names of its nodes. */
  ModelSpec spec(GraphMaker graph, List<String> inputs, List<String> outputs) {
    MetaGraphDef.Builder serving =
        meta(graph).putSignatureDef("serving_default", signature(inputs, outputs));
    return spec(bytes(serving));
  }

  static ByteBuffer bytes(MetaGraphDef.Builder serving) {
    return SavedModel.newBuilder()
        .setSavedModelSchemaVersion(1)
        .addMetaGraphs(serving)
        .build()
        .toByteString()
        .asReadOnlyByteBuffer();
  }

  static MetaGraphDef.Builder meta(GraphMaker graph) {
    MetaGraphDef.Builder meta = MetaGraphDef.newBuilder().setGraphDef(graph.build());
    meta.getMetaInfoDefBuilder().addTags("serve");
    return meta;
  }

  static SignatureDef signature(List<String> inputs, List<String> outputs) {
    SignatureDef.Builder signature = SignatureDef.newBuilder();
    inputs.forEach(name -> signature.putInputs(name, tensor(name)));
    outputs.forEach(name -> signature.putOutputs(name, tensor(name)));
    return signature.build();
  }

  private static TensorInfo tensor(String name) {
    return TensorInfo.newBuilder().setName(name + ":0").build();
  }
}
