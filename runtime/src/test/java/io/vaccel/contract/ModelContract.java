package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a plugin promises that performs {@link Operations#MODEL_RUN}, whatever the format. */
public interface ModelContract extends GenericModelContract, ModelTensorContract {

  @Override
  default ModelKit models() {
    return new OnnxKit();
  }

  @Test
  default void modelRun_isOfferedForTheFormat() {
    try (Vaccel vaccel = open()) {
      PluginContract.assertOffered(vaccel, Operations.MODEL_RUN);
      assertThat(vaccel.plugins())
          .anySatisfy(
              plugin -> assertThat(plugin.capabilities().formats()).contains(models().format()));
    }
  }

  @Test
  default void loadedModel_hasItsSignature() {
    assumeSignature();
    withModel(
        models().sumAndDifference(),
        (session, model) -> {
          List<Long> shape = List.of(-1L, 2L);
          assertThat(model.signature().inputs())
              .containsExactly(
                  new TensorInfo("a", ElementType.FLOAT32, shape),
                  new TensorInfo("b", ElementType.FLOAT32, shape));
          assertThat(model.signature().outputs())
              .containsExactly(
                  new TensorInfo("sum", ElementType.FLOAT32, shape),
                  new TensorInfo("difference", ElementType.FLOAT32, shape));
          assertThat(model.loaded().executedOn().plugin()).isNotBlank();
          assertThat(model.loaded().executedOn().device()).isNotBlank();
        });
  }

  @Test
  default void inputs_goByNameOrByPosition() {
    assumeSignature();
    withModel(
        models().sumAndDifference(),
        (session, model) -> {
          Tensor a = Tensor.ofFloats("a", Shape.of(1, 2), 5, 7);
          Tensor b = Tensor.ofFloats("b", Shape.of(1, 2), 1, 10);
          ModelRun.Outputs named = session.run(model, List.of(b, a));
          assertThat(named.tensors()).extracting(Tensor::name).containsExactly("sum", "difference");
          assertThat(named.tensor("sum").orElseThrow().floats()).containsExactly(6, 17);
          assertThat(named.tensor("difference").orElseThrow().floats()).containsExactly(4, -3);
          ModelRun.Outputs unnamed = session.run(model, List.of(a.named(""), b.named("")));
          assertThat(unnamed.tensors()).isEqualTo(named.tensors());
          assertThat(named.executedOn().plugin()).isEqualTo(models().plugin());
          assertThat(named.executedOn().stages()).anyMatch(s -> s.name().equals("inference"));
        });
  }

  @Test
  default void outputs_areThoseThatAreWanted() {
    assumeSignature();
    withModel(
        models().sumAndDifference(),
        (session, model) -> {
          assertThat(outputNames(session, model, "difference")).containsExactly("difference");
          assertThat(outputNames(session, model, "difference", "sum"))
              .containsExactly("difference", "sum");
          VaccelException unknown = failureOf(() -> outputNames(session, model, "product"));
          assertThat(unknown.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
          assertThat(unknown).hasMessageContainingAll("product", "sum");
          assertThat(failureOf(() -> outputNames(session, model, "sum", "sum")).reason())
              .isEqualTo(Reason.ARGUMENT_INVALID);
        });
  }

  @Test
  default void inputsThatDoNotFit_areNamed() {
    assumeSignature();
    withModel(
        models().sumAndDifference(),
        (session, model) -> {
          Tensor a = Tensor.ofFloats("a", Shape.of(1, 2), 5, 7);
          Tensor b = a.named("b");
          assertRefused(session, model, Reason.ARGUMENT_INVALID, "'b' is missing", a);
          assertRefused(session, model, Reason.ARGUMENT_INVALID, "'b' is missing", a.named(""));
          assertRefused(session, model, Reason.ARGUMENT_INVALID, "'a' is given twice", a, a);
          assertRefused(session, model, Reason.ARGUMENT_INVALID, "3 inputs", a, b, b.named("c"));
          assertRefused(session, model, Reason.ARGUMENT_INVALID, "named", a, b.named(""));
          assertRefused(session, model, Reason.ARGUMENT_INVALID, "is missing");
          assertRefused(session, model, Reason.TENSOR_INVALID, "'b' must be", a, floats("b", 2));
          assertRefused(session, model, Reason.TENSOR_INVALID, "'b' must be", a, floats("b", 1, 3));
          assertRefused(session, model, Reason.TENSOR_INVALID, "'b' must be", a, floats("b"));
          Tensor wrongType =
              Tensor.of("b", ElementType.INT32, Shape.of(1, 2), ByteBuffer.allocate(8));
          assertRefused(session, model, Reason.TENSOR_INVALID, "must be FLOAT32", a, wrongType);
          assertThat(session.run(model, List.of(a, b)).tensors()).hasSize(2);
        });
  }

  @Test
  default void optionsThatTheEngineDoesNotTake_areRefused() {
    withModel(
        models().sumAndDifference(),
        (session, model) -> {
          List<Tensor> inputs = List.of(floats("a", 1, 2), floats("b", 1, 2));
          // Field 1000 of a message: no engine has it.
          ByteBuffer unknown = ByteBuffer.wrap(new byte[] {(byte) 0xc0, 0x3e, 1});
          ModelRun run = new ModelRun(model, inputs, List.of(), unknown);
          VaccelException failure = failureOf(() -> session.call(Operations.MODEL_RUN, run));
          assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
          assertThat(failure).hasMessageContaining("run options");
          ByteBuffer large = ByteBuffer.allocate(ModelRun.MAX_OPTIONS_BYTES + 1);
          assertThat(failureOf(() -> new ModelRun(model, inputs, List.of(), large)).reason())
              .isEqualTo(Reason.ARGUMENT_INVALID);
        });
  }

  @Test
  default void unknownInput_isNamedWithWhatThereIs() {
    assumeSignature();
    withModel(
        models().identity(ElementType.FLOAT32, 1),
        (session, model) -> {
          VaccelException failure =
              failureOf(() -> session.run(model, List.of(floats("pixels", 1))));
          assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
          assertThat(failure).hasMessageContaining("x FLOAT32[1]");
        });
  }

  @Test
  default void shapesThatDoNotAgree_areTheModelsFailure() {
    withModel(
        models().sumAndDifference(),
        (session, model) -> {
          VaccelException failure =
              failureOf(() -> session.run(model, List.of(floats("a", 2, 2), floats("b", 3, 2))));
          assertThat(failure.reason()).isIn(Reason.ENGINE_FAILED, Reason.TENSOR_INVALID);
        });
  }

  @Test
  default void whatIsNoModel_isRefused() {
    ModelKit kit = models();
    ByteBuffer whole =
        ByteBuffer.wrap(kit.sumAndDifference().resource().main().readAll(Integer.MAX_VALUE));
    ByteBuffer text =
        ByteBuffer.wrap("This is a letter, not a model.".getBytes(StandardCharsets.US_ASCII));
    for (ByteBuffer bytes :
        List.of(ByteBuffer.allocate(0), text, whole.duplicate().limit(whole.limit() - 9))) {
      ModelSpec spec = kit.spec(bytes);
      assertUnreadable(spec, spec.resource().main().name());
    }
  }

  @Test
  default void modelsThatCannotRun_areRefusedWithTheReason() {
    for (ModelKit.Refused each : models().refused()) {
      assertUnreadable(each.model(), each.mention());
    }
  }

  @Test
  default void modelOfAnotherSession_isUnknown() {
    try (Vaccel vaccel = open();
        Session owner = vaccel.openSession();
        Session other = vaccel.openSession();
        Model model = load(owner, models().identity(ElementType.FLOAT32, 1))) {
      assertThat(failureOf(() -> other.run(model, List.of(floats("x", 1)))).reason())
          .isEqualTo(Reason.MODEL_NOT_FOUND);
    }
  }

  @Test
  default void closedModel_isRefused() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      Model model = load(session, models().identity(ElementType.FLOAT32, 1));
      model.close();
      model.close();
      assertThat(failureOf(() -> session.run(model, List.of(floats("x", 1)))).reason())
          .isEqualTo(Reason.CLOSED);
    }
  }

  @Test
  default void sameModelInTwoSessions_outlivesOneOfThem() {
    ModelSpec file = models().identity(ElementType.FLOAT32, 1);
    try (Vaccel vaccel = open();
        Session second = vaccel.openSession();
        Model two = load(second, file)) {
      try (Session first = vaccel.openSession();
          Model one = load(first, file)) {
        assertThat(first.run(one, List.of(floats("x", 1))).tensors()).hasSize(1);
      }
      assertThat(second.run(two, List.of(floats("x", 1))).tensors()).hasSize(1);
    }
  }

  @Test
  default void manyRunsAtOnce_eachGetTheirOwnResult() {
    withModel(
        models().counting(),
        (session, model) -> {
          List<CompletableFuture<ModelRun.Outputs>> runs = new ArrayList<>();
          for (int i = 0; i < 100; i++) {
            runs.add(session.async().run(model, TinyModels.steps(i)));
          }
          for (int i = 0; i < runs.size(); i++) {
            assertThat(runs.get(i).orTimeout(60, TimeUnit.SECONDS).join().tensors().get(0).floats())
                .containsExactly(i);
          }
        });
  }

  @Test
  @Timeout(300)
  default void deadline_endsARun() {
    assumeEndsEarly();
    withModel(
        models().counting(),
        (session, model) -> {
          CallOptions options = CallOptions.within(Duration.ofMillis(300));
          long start = System.nanoTime();
          VaccelException failure = failureOf(() -> endless(session, model, options));
          assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
          assertThat(Duration.ofNanos(System.nanoTime() - start))
              .isLessThan(Duration.ofSeconds(20));
          assertThat(session.run(model, TinyModels.steps(3)).tensors().get(0).floats())
              .containsExactly(3);
        });
  }

  @Test
  @Timeout(300)
  default void cancellation_endsARun() {
    assumeEndsEarly();
    withModel(
        models().counting(),
        (session, model) -> {
          Cancellation cancellation = new Cancellation();
          CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS)
              .execute(cancellation::cancel);
          CallOptions options = CallOptions.defaults().with(cancellation);
          VaccelException failure = failureOf(() -> endless(session, model, options));
          assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
          assertThat(session.run(model, TinyModels.steps(3)).tensors().get(0).floats())
              .containsExactly(3);
        });
  }

  @Test
  @Timeout(300)
  default void closingTheModel_doesNotHarmARun() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      Model model = load(session, models().counting());
      CompletableFuture<ModelRun.Outputs> run =
          session.async().run(model, TinyModels.steps(200_000));
      model.close();
      // Whether the run had begun decides between a result and a refusal; nothing else may happen.
      Object outcome =
          run.<Object>thenApply(outputs -> outputs.tensors().get(0).floats()[0])
              .exceptionally(error -> reasonOf(error))
              .join();
      assertThat(outcome).isIn(200_000f, Reason.CLOSED, Reason.MODEL_NOT_FOUND);
    }
  }

  private void assumeSignature() {
    Assumptions.assumeTrue(
        models().tellsSignature(), () -> models().format() + " models tell no types and shapes");
  }

  private void assumeEndsEarly() {
    Assumptions.assumeTrue(
        models().endsRunsEarly(),
        () -> "the engine of " + models().format() + " cannot be stopped");
  }

  /** Loads a tiny model. */
  static Model load(Session session, ModelSpec model) {
    return session.load(model, CallOptions.defaults());
  }

  private void assertUnreadable(ModelSpec model, String mention) {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      VaccelException failure = failureOf(() -> session.load(model, CallOptions.defaults()));
      assertThat(failure.reason()).isEqualTo(Reason.MODEL_UNREADABLE);
      assertThat(failure).hasMessageContaining(mention);
    }
  }

  private static void assertRefused(
      Session session, Model model, Reason reason, String mention, Tensor... inputs) {
    VaccelException failure = failureOf(() -> session.run(model, Arrays.asList(inputs)));
    assertThat(failure.reason()).as(failure.getMessage()).isEqualTo(reason);
    assertThat(failure).hasMessageContaining(mention);
  }

  private static List<String> outputNames(Session session, Model model, String... wanted) {
    List<Tensor> inputs = List.of(floats("a", 1, 2), floats("b", 1, 2));
    ModelRun run = new ModelRun(model, inputs, Arrays.asList(wanted));
    return session.call(Operations.MODEL_RUN, run).tensors().stream().map(Tensor::name).toList();
  }

  private static void endless(Session session, Model model, CallOptions options) {
    session.call(
        Operations.MODEL_RUN, new ModelRun(model, TinyModels.steps(1L << 40), List.of()), options);
  }

  private static Tensor floats(String name, long... dimensions) {
    Shape shape = Shape.of(dimensions);
    return Tensor.ofFloats(name, shape, new float[(int) shape.elements()]);
  }

  private static Object reasonOf(Throwable error) {
    Throwable cause = error.getCause() == null ? error : error.getCause();
    return error instanceof VaccelException own
        ? own.reason()
        : cause instanceof VaccelException wrapped ? wrapped.reason() : error;
  }
}
