package io.vaccel.backend.tensorflow;

import static io.vaccel.backend.tensorflow.GraphMaker.node;
import static io.vaccel.backend.tensorflow.GraphMaker.type;
import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.ModelContract;
import io.vaccel.contract.TinyModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DebugOptions;
import org.tensorflow.proto.RunOptions;

/** What is TensorFlow's own in a run: its options, its names, open shapes. */
final class RunTest {
  private static final GraphKit KIT = new GraphKit();

  @Test
  @Timeout(60)
  void timeoutOfTheOptions_endsARun() {
    with(
        KIT.counting(),
        (session, model) -> {
          RunOptions options = RunOptions.newBuilder().setTimeoutInMs(200).build();
          VaccelException failure = failureOf(() -> run(session, model, options, 1L << 40));
          assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
          assertThat(failure).hasMessageContaining("timeout_in_ms");
          assertThat(run(session, model, options, 3).tensors().get(0).floats()).containsExactly(3);
        });
  }

  @Test
  void optionsThatCannotBeHad_areRefused() {
    with(
        KIT.counting(),
        (session, model) -> {
          for (RunOptions options :
              List.of(
                  RunOptions.newBuilder().setTraceLevel(RunOptions.TraceLevel.FULL_TRACE).build(),
                  RunOptions.newBuilder().setOutputPartitionGraphs(true).build(),
                  RunOptions.newBuilder().setInterOpThreadPool(-1).build(),
                  RunOptions.newBuilder().setTimeoutInMs(-1).build(),
                  RunOptions.newBuilder()
                      .setDebugOptions(DebugOptions.newBuilder().setResetDiskByteUsage(true))
                      .build())) {
            VaccelException failure = failureOf(() -> run(session, model, options, 3));
            assertThat(failure.reason()).as("%s", options).isEqualTo(Reason.ARGUMENT_INVALID);
            assertThat(failure).hasMessageContaining("only timeout_in_ms");
          }
        });
  }

  private static ModelRun.Outputs run(Session session, Model model, RunOptions options, long n) {
    ByteBuffer bytes = options.toByteString().asReadOnlyByteBuffer();
    return session.call(
        Operations.MODEL_RUN, new ModelRun(model, TinyModels.steps(n), List.of(), bytes));
  }

  @Test
  void namesWithAnIndex_areTensorFlowsOwn() {
    with(
        KIT.identity(ElementType.FLOAT32, 1),
        (session, model) -> {
          Tensor x = Tensor.ofFloats("x:0", Shape.of(1), 7);
          ModelRun run = new ModelRun(model, List.of(x), List.of("y:0"));
          assertThat(session.call(Operations.MODEL_RUN, run).tensors())
              .containsExactly(x.named("y"));
        });
  }

  @Test
  void operationWithSeveralOutputs_givesEachAName() {
    GraphMaker graph =
        new GraphMaker()
            .input("x", ElementType.FLOAT32, -1)
            .add(
                node("u", "Unique", "x")
                    .putAttr("T", type(ElementType.FLOAT32))
                    .putAttr("out_idx", type(ElementType.INT32)));
    with(
        KIT.spec(graph),
        (session, model) -> {
          assertThat(model.signature().outputs())
              .containsExactly(
                  new TensorInfo("u", ElementType.FLOAT32, List.of(-1L)),
                  new TensorInfo("u:1", ElementType.INT32, List.of(-1L)));
          Tensor x = Tensor.ofFloats("x", Shape.of(3), 5, 4, 5);
          ModelRun run = new ModelRun(model, List.of(x), List.of("u:1", "u"));
          List<Tensor> outputs = session.call(Operations.MODEL_RUN, run).tensors();
          assertThat(outputs.get(0).data().asIntBuffer())
              .isEqualTo(java.nio.IntBuffer.wrap(new int[] {0, 1, 0}));
          assertThat(outputs.get(1).floats()).containsExactly(5, 4);
        });
  }

  @Test
  void openShape_takesAnyNumberOfDimensions() {
    GraphMaker graph =
        new GraphMaker()
            .add(
                node("x", "Placeholder")
                    .putAttr("dtype", type(ElementType.FLOAT32))
                    .putAttr("shape", openShape()))
            .operator("y", "Identity", ElementType.FLOAT32, "x");
    with(
        KIT.spec(graph),
        (session, model) -> {
          assertThat(model.signature().inputs().get(0).dimensions())
              .isEqualTo(TensorInfo.ANY_SHAPE);
          for (Shape shape : List.of(Shape.of(), Shape.of(2), Shape.of(1, 2, 3))) {
            Tensor x = Tensor.ofFloats("x", shape, new float[(int) shape.elements()]);
            assertThat(session.run(model, List.of(x)).tensors()).containsExactly(x.named("y"));
          }
        });
  }

  private static AttrValue openShape() {
    AttrValue.Builder value = AttrValue.newBuilder();
    value.getShapeBuilder().setUnknownRank(true);
    return value.build();
  }

  @Test
  void outputOverTheLimit_isRefused_beforeTheRunWhereItsSizeIsKnown() {
    Tensor x = Tensor.of("x", ElementType.INT8, Shape.of(1001), ByteBuffer.allocate(1001));
    assertOverLimit(KIT.identity(ElementType.INT8, 1001), x);
    assertOverLimit(KIT.identity(ElementType.INT8, -1), x);
    assertOverLimit(
        KIT.spec(TinyGraphs.repeating()), Tensor.ofFloats("x", Shape.of(1), 1), times(251));
    assertOverLimit(
        KIT.identity(ElementType.STRING, -1),
        Tensor.ofStrings("x", Shape.of(1), List.of(new byte[1001])));
  }

  @Test
  void impossibleOutput_losesOnlyItsRun() {
    with(
        KIT.spec(TinyGraphs.repeating()),
        (session, model) -> {
          Tensor x = Tensor.ofFloats("x", Shape.of(1), 7);
          String memory = "OOM when allocating tensor";
          Map.of(1L << 50, memory, Long.MAX_VALUE, memory, -1L, "got -1")
              .forEach(
                  (count, why) -> {
                    VaccelException failure =
                        failureOf(() -> session.run(model, List.of(x, times(count))));
                    assertThat(failure.reason()).as("%s", failure).isEqualTo(Reason.ENGINE_FAILED);
                    assertThat(failure).hasMessageContaining(why);
                  });
          assertThat(session.run(model, List.of(x, times(2))).tensors().get(0).floats())
              .containsExactly(7, 7);
        });
  }

  @Test
  void outputOfMoreDimensionsThanATensorHas_isTheModelsFault() {
    with(
        KIT.spec(TinyGraphs.reshaping()),
        (session, model) -> {
          Tensor x = Tensor.ofFloats("x", Shape.of(1), 7);
          VaccelException failure = failureOf(() -> session.run(model, List.of(x, ones(33))));
          assertThat(failure.reason()).isEqualTo(Reason.ENGINE_FAILED);
          assertThat(failure).hasMessageContaining("output 'y' of the model: shape has rank 33");
          assertThat(failure.details()).doesNotContainKey(VaccelException.FIELD);
          assertThat(session.run(model, List.of(x, ones(32))).tensors().get(0).floats())
              .containsExactly(7);
        });
  }

  private static Tensor ones(int count) {
    ByteBuffer n = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      n.putLong(1);
    }
    return Tensor.of("n", ElementType.INT64, Shape.of(count), n.flip());
  }

  private static Tensor times(long count) {
    ByteBuffer n = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, count);
    return Tensor.of("n", ElementType.INT64, Shape.of(1), n);
  }

  private static void assertOverLimit(ModelSpec spec, Tensor... inputs) {
    try (Vaccel vaccel =
            Vaccel.builder()
                .set(Settings.PLUGINS, "tensorflow")
                .set("VACCEL_TENSORFLOW_MAX_OUTPUT_BYTES", "1000")
                .load();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, spec)) {
      VaccelException failure = failureOf(() -> session.run(model, List.of(inputs)));
      assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
      assertThat(failure).hasMessageContaining("1000");
    }
  }

  private static void with(ModelSpec spec, BiConsumer<Session, Model> test) {
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, "tensorflow").load();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, spec)) {
      test.accept(session, model);
    }
  }
}
