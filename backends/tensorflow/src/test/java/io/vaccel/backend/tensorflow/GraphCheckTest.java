package io.vaccel.backend.tensorflow;

import static io.vaccel.backend.tensorflow.GraphMaker.argument;
import static io.vaccel.backend.tensorflow.GraphMaker.call;
import static io.vaccel.backend.tensorflow.GraphMaker.node;
import static io.vaccel.backend.tensorflow.GraphMaker.type;
import static io.vaccel.backend.tensorflow.GraphMaker.types;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.NativeDirectory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.FunctionDef;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.OpDef;
import org.tensorflow.proto.TensorProto;

/** What a graph may not do. */
final class GraphCheckTest {
  private static final ElementType TEXT = ElementType.STRING;

  @BeforeAll
  static void unpackWhereEnginesDo() {
    NativeDirectory.useForJavaCpp(Settings.ofEnvironment());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ReadFile",
        "WriteFile",
        "MatchingFiles",
        "Save",
        "SaveV2",
        "SaveSlices",
        "Restore",
        "RestoreSlice",
        "MergeV2Checkpoints",
        "WholeFileReaderV2",
        "TextLineReaderV2",
        "TFRecordReaderV2",
        "TextLineDataset",
        "TFRecordDataset",
        "ImmutableConst",
        "LMDBDataset",
        "FixedLengthRecordDataset",
        "GenerateVocabRemapping",
        "LoadAndRemapMatrix",
        "SqlDataset",
        "FixedUnigramCandidateSampler",
        "CreateSummaryFileWriter",
        "Print",
        "PrintV2",
        "PyFunc",
        "PyFuncStateless",
        "EagerPyFunc",
        "Abort",
        "RemoteCall",
        "Send",
        "_Send",
        "_Recv",
        "RpcClient",
        "DebugIdentity",
        "DebugNumericSummary",
        "Empty",
        "DecodeCompressed",
        "SymbolicGradient",
        "XlaCustomCall",
        "XlaCustomCallV2",
        "XlaCallModule",
        "RecordInput",
        "QueueDequeueV2",
        "CollectiveReduceV2",
        "TfLiteSubgraphExecute",
        "TemporaryVariable"
      })
  void operatorsThatReachOut_areOnNoList(String operator) {
    assertThat(Operators.INITIALISE.allow(operator)).isFalse();
    assertThat(Operators.RUN.allow(operator)).isFalse();
  }

  @Test
  void filesAndStateChanges_areForMakingReadyOnly() {
    for (String operator : List.of("RestoreV2", "AssignVariableOp", "InitializeTableV2")) {
      assertThat(Operators.INITIALISE.allow(operator)).isTrue();
      assertThat(Operators.RUN.allow(operator)).isFalse();
    }
  }

  @Test
  void whatIsNotNeeded_isLeftOut() {
    GraphMaker graph =
        TinyGraphs.identity(ElementType.INT8)
            .text("name", "/etc/hostname")
            .add(node("content", "ReadFile", "name"))
            .function(function("unused", node("read", "ReadFile", "name")));
    GraphDef taken = taken(graph, "y");
    assertThat(taken.getNodeList()).extracting(NodeDef::getName).containsExactly("x", "y");
    assertThat(taken.getLibrary().getFunctionList()).isEmpty();
  }

  @Test
  void operatorBehindAControlInput_isSeen() {
    GraphMaker graph =
        TinyGraphs.identity(ElementType.INT8)
            .text("name", "/etc/hostname")
            .add(node("content", "ReadFile", "name"))
            .operator("z", "Identity", ElementType.INT8, "x", "^content");
    assertRefused(graph, "z", "'ReadFile'");
  }

  @Test
  void operatorInAFunction_isSeen_howeverItIsCalled() {
    for (String way : List.of("PartitionedCall", "StatefulPartitionedCall", "While", "If")) {
      GraphMaker graph =
          new GraphMaker()
              .text("name", "/etc/hostname")
              .add(node("y", way, "name").putAttr("f", call("inner")))
              .function(function("inner", node("read", "ReadFile", "name")));
      assertRefused(graph, "y", "'ReadFile'");
    }
    GraphMaker direct =
        new GraphMaker()
            .text("name", "/etc/hostname")
            .add(node("y", "inner", "name"))
            .function(function("inner", node("read", "ReadFile", "name")));
    assertRefused(direct, "y", "'ReadFile'");
    GraphMaker nested =
        new GraphMaker()
            .text("name", "/etc/hostname")
            .add(calling("y", "PartitionedCall", "outer"))
            .function(function("outer", calling("in", "PartitionedCall", "inner")))
            .function(function("inner", node("read", "ReadFile", "name")));
    assertRefused(nested, "y", "'ReadFile'");
  }

  @Test
  void operatorInPlaceOfAFunction_isRefused() {
    GraphMaker graph =
        new GraphMaker()
            .text("name", "/etc/hostname")
            .add(node("y", "PartitionedCall", "name").putAttr("f", call("ReadFile")));
    assertRefused(graph, "y", "lacks the function 'ReadFile'");
  }

  @Test
  void functionThatCallsItself_isRefused() {
    GraphMaker graph =
        new GraphMaker()
            .text("name", "a")
            .add(calling("y", "PartitionedCall", "again"))
            .function(function("again", calling("in", "PartitionedCall", "again")));
    assertRefused(graph, "y", "call themselves");
  }

  /** TensorFlow would end the process. */
  @Test
  void loopWhoseStepGivesAnotherType_isRefused() {
    GraphDef sound = TinyGraphs.counting().build();
    for (String function : List.of("goes_on", "step")) {
      for (boolean taken : new boolean[] {true, false}) {
        GraphDef.Builder other = sound.toBuilder();
        other
            .getLibraryBuilder()
            .getFunctionBuilderList()
            .forEach(
                each -> {
                  OpDef.Builder signature = each.getSignatureBuilder();
                  if (signature.getName().equals(function) && taken) {
                    signature.getInputArgBuilder(0).setType(DataType.DT_DOUBLE);
                  } else if (signature.getName().equals(function)) {
                    signature.addOutputArg(argument("more2", ElementType.FLOAT64));
                  }
                });
        GraphCheck check = new GraphCheck(other.build(), List.of());
        assertThatThrownBy(() -> check.need("y", Operators.RUN))
            .isInstanceOf(UnsoundGraph.class)
            .hasMessageContaining("in a way that it is not for");
      }
    }
    assertThat(taken(TinyGraphs.counting(), "y").getLibrary().getFunctionCount()).isEqualTo(2);
  }

  /** TensorFlow would end the process. */
  @Test
  void missingAttributeInAFunction_isRefused() {
    NodeDef.Builder constant = node("c", "Const").putAttr("dtype", type(TEXT));
    for (NodeDef.Builder each : List.of(constant, constant.clone().putAttr("value", type(TEXT)))) {
      GraphMaker graph =
          new GraphMaker()
              .text("name", "a")
              .add(calling("y", "PartitionedCall", "inner"))
              .function(function("inner", each));
      assertRefused(graph, "y", "lacks the tensor 'value' in node 'c'");
    }
  }

  /** TensorFlow would end the process. */
  @Test
  void constantOfTwoTypes_isRefused() {
    NodeDef.Builder constant = node("y", "Const").putAttr("dtype", type(ElementType.INT64));
    constant.putAttr(
        "value",
        AttrValue.newBuilder()
            .setTensor(TensorProto.newBuilder().setDtype(DataType.DT_DOUBLE))
            .build());
    assertRefused(new GraphMaker().add(constant), "y", "another type than it says");
  }

  @Test
  void functionForSeveralTypes_isRefused() {
    // What it calls could be given by its caller.
    FunctionDef.Builder function = function("any", node("i", "Identity", "name"));
    function.getSignatureBuilder().addAttr(OpDef.AttrDef.newBuilder().setName("g").setType("func"));
    GraphMaker graph =
        new GraphMaker()
            .text("name", "a")
            .add(node("y", "PartitionedCall", "name").putAttr("f", call("any")))
            .function(function);
    assertRefused(graph, "y", "several types");
  }

  @Test
  void restoringFromElsewhere_isRefused() {
    GraphMaker constant = restoring("RestoreV2").text("other", "/var/lib/other/variables");
    assertForeign(constant.add(reading("go", "other")));
    assertForeign(
        restoring("RestoreV2")
            .text("more", "/../x")
            .add(
                node("joined", "StringJoin", "file", "more")
                    .putAttr("N", AttrValue.newBuilder().setI(2).build()))
            .add(reading("go", "joined")));
    assertForeign(
        restoring("RestoreV2")
            .text("other", "/var/lib/other/variables")
            .add(calling("go", "StatefulPartitionedCall", "restore", "other")));
    // May be computed ahead of time, from what the file says.
    assertForeign(restoring("RestoreV2").add(calling("go", "PartitionedCall", "restore", "file")));
  }

  @Test
  void restoringFromItsOwnFile_isTaken_andItsNameIsAnInput() {
    GraphMaker graph =
        restoring("RestoreV2")
            .operator("same", "Identity", TEXT, "file")
            .add(calling("go", "StatefulPartitionedCall", "restore", "same"));
    GraphCheck check = new GraphCheck(graph.build(), List.of("file"));
    check.need("go", Operators.INITIALISE);
    assertThat(check.taken().getNodeList())
        .anySatisfy(
            node -> {
              assertThat(node.getName()).isEqualTo("file");
              assertThat(node.getOp()).isEqualTo("Placeholder");
              assertThat(node.containsAttr("value")).isFalse();
            });
  }

  @Test
  void restoringInARun_isRefused() {
    assertRefused(
        restoring("RestoreV2").add(reading("y", "file")),
        "y",
        "'RestoreV2', which is not allowed in a run");
  }

  @Test
  void namesUsedTwice_areRefused() {
    GraphMaker twice = TinyGraphs.identity(ElementType.INT8).add(node("x", "ReadFile"));
    assertThatThrownBy(() -> taken(twice, "y"))
        .isInstanceOf(UnsoundGraph.class)
        .hasMessageContaining("two nodes");
  }

  @Test
  void missingNode_isNamed() {
    assertRefused(new GraphMaker().operator("y", "Identity", TEXT, "gone"), "y", "'gone'");
  }

  /** Five million nodes in ten million bytes would take half a gigabyte of the heap. */
  @Test
  void manyTinyNodes_areRefusedBeforeTheyAreRead() {
    byte[] bytes = new byte[10_000_000];
    for (int i = 0; i < bytes.length; i += 2) {
      bytes[i] = 0x0a;
    }
    ResourceFile file = ResourceFile.ofBytes("tiny.pb", ByteBuffer.wrap(bytes));
    assertThatThrownBy(() -> GraphFile.read(file))
        .isInstanceOfSatisfying(
            VaccelException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MODEL_UNREADABLE));
  }

  /** A string "file", and a function "restore" that reads what its argument names. */
  private static GraphMaker restoring(String operator) {
    return new GraphMaker()
        .text("file", "/etc/evil")
        .text("names", "v")
        .text("slices", "")
        .function(
            function(
                "restore", node("read", operator, "name", "names:output:0", "slices:output:0")));
  }

  private static NodeDef.Builder reading(String name, String file) {
    return node(name, "RestoreV2", file, "names", "slices").putAttr("dtypes", types(TEXT));
  }

  private static NodeDef.Builder calling(String name, String operator, String function) {
    return calling(name, operator, function, "name");
  }

  private static NodeDef.Builder calling(
      String name, String operator, String function, String argument) {
    return node(name, operator, argument)
        .putAttr("f", call(function))
        .putAttr("Tin", types(TEXT))
        .putAttr("Tout", types(TEXT));
  }

  private static FunctionDef.Builder function(String name, NodeDef.Builder body) {
    return FunctionDef.newBuilder()
        .setSignature(
            OpDef.newBuilder()
                .setName(name)
                .addInputArg(argument("name", TEXT))
                .addOutputArg(argument("out", TEXT)))
        .addNodeDef(body.putAttr("dtypes", types(TEXT)))
        .putRet("out", body.getName() + ":output:0");
  }

  private static void assertForeign(GraphMaker graph) {
    GraphCheck check = new GraphCheck(graph.build(), List.of("file"));
    assertThatThrownBy(() -> check.need("go", Operators.INITIALISE))
        .isInstanceOf(UnsoundGraph.class)
        .hasMessageContaining("a file that is not its own");
  }

  private static void assertRefused(GraphMaker graph, String output, String mention) {
    assertThatThrownBy(() -> taken(graph, output))
        .isInstanceOf(UnsoundGraph.class)
        .hasMessageContaining(mention);
  }

  private static GraphDef taken(GraphMaker graph, String output) {
    GraphCheck check = new GraphCheck(graph.build(), List.of());
    check.need(output, Operators.RUN);
    return check.taken();
  }
}
