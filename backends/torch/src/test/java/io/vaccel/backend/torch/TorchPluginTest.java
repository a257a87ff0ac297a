package io.vaccel.backend.torch;

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
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.ModelContract;
import io.vaccel.contract.ModelKit;
import io.vaccel.spi.Capabilities;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

final class TorchPluginTest implements ModelContract {
  private static final TorchKit KIT = new TorchKit();

  @Override
  public Vaccel open() {
    return open("VACCEL_TORCH_THREADS", "1");
  }

  @Override
  public ModelKit models() {
    return KIT;
  }

  private static Vaccel open(String name, String value) {
    return Vaccel.builder().set(Settings.PLUGINS, "torch").set(name, value).load();
  }

  @Test
  void capabilities_nameEngineAndThreads() {
    try (Vaccel vaccel = open("VACCEL_TORCH_THREADS", "3")) {
      Capabilities can = vaccel.plugins().get(0).capabilities();
      assertThat(can.device()).isEqualTo("CPU");
      assertThat(can.details())
          .containsEntry("engine", "LibTorch 2.10.0")
          .containsEntry("threads", "3")
          .containsEntry("GPU", "not used");
    }
  }

  @Test
  void inputsAndOutputs_goByTheNamesOfTheCode() {
    run(
        KIT.sumAndDifference(),
        (session, model) -> {
          Tensor a = Tensor.ofFloats("a", Shape.of(1, 2), 5, 7);
          Tensor b = Tensor.ofFloats("b", Shape.of(1, 2), 1, 10);
          ModelRun.Outputs named = session.run(model, List.of(b, a));
          assertThat(named.tensors()).extracting(Tensor::name).containsExactly("sum", "difference");
          assertThat(named.tensor("sum").orElseThrow().floats()).containsExactly(6, 17);
          assertThat(named.tensor("difference").orElseThrow().floats()).containsExactly(4, -3);
          assertThat(session.run(model, List.of(a.named(""), b.named(""))).tensors())
              .isEqualTo(named.tensors());
          ModelRun one = new ModelRun(model, List.of(a, b), List.of("difference"));
          assertThat(session.call(Operations.MODEL_RUN, one).tensors())
              .extracting(Tensor::name)
              .containsExactly("difference");
          assertRefused(
              session, model, "product", "no output 'product'; it has sum, difference", a, b);
          assertRefused(session, model, "", "'b' is missing; it takes a, b", a);
          assertRefused(session, model, "", "no input 'c'; it takes a, b", a, b.named("c"));
          assertRefused(session, model, "", "'a' is given twice", a, a);
        });
  }

  @Test
  void numbers_goInAndOutAsOneElement() {
    run(
        KIT.forward(
            "x: Tensor, n: int, f: float=0.5, b: bool=True",
            "Tuple[Tensor, int, float, bool]",
            "return (torch.mul(x, n), n, f, b)"),
        (session, model) -> {
          Tensor x = Tensor.ofFloats("x", Shape.of(2), 1, 2);
          Tensor n = number("n", ElementType.INT64, 3);
          List<Tensor> outputs = session.run(model, List.of(x, n)).tensors();
          assertThat(outputs.get(0).floats()).containsExactly(3, 6);
          assertThat(outputs.get(1)).isEqualTo(number("", ElementType.INT64, 3));
          assertThat(outputs.get(2).doubles()).containsExactly(0.5);
          assertThat(outputs.get(3).type()).isEqualTo(ElementType.BOOL);
          assertRefused(
              session, model, "", "'n' is a number: it must be one INT64", x, x.named("n"));
        });
  }

  @Test
  void typesThatLibTorchLacks_areRefusedByName() {
    run(
        KIT.identity(ElementType.FLOAT32, 1),
        (session, model) -> {
          for (ElementType type : EnumSet.complementOf(EnumSet.copyOf(KIT.types()))) {
            Tensor x =
                type == ElementType.STRING
                    ? Tensor.ofStrings("x", Shape.of(1), List.of(new byte[1]))
                    : Tensor.of("x", type, Shape.of(2), ByteBuffer.allocate((int) type.bytes(2)));
            VaccelException failure = failureOf(() -> session.run(model, List.of(x)));
            assertThat(failure.reason()).isEqualTo(Reason.TENSOR_INVALID);
            assertThat(failure).hasMessageContaining("'x': LibTorch has no " + type + " tensors");
          }
        });
  }

  @Test
  void outputOverTheLimit_isRefusedBeforeItIsCopied() {
    try (Vaccel vaccel = open("VACCEL_TORCH_MAX_OUTPUT_BYTES", "1000");
        Session session = vaccel.openSession();
        Model model =
            ModelContract.load(
                session,
                KIT.forward("n: int", "Tensor", "return torch.expand(torch.zeros([1]), [n])"))) {
      for (long n : new long[] {251, 1L << 31, 1L << 32, 1L << 62}) {
        VaccelException failure =
            failureOf(() -> session.run(model, List.of(number("n", ElementType.INT64, n))));
        assertThat(failure.reason())
            .as("%s: %s", n, failure.getMessage())
            .isEqualTo(Reason.QUOTA_EXCEEDED);
      }
      Tensor fits = number("n", ElementType.INT64, 250);
      assertThat(session.run(model, List.of(fits)).tensors().get(0).sizeBytes()).isEqualTo(1000);
    }
  }

  @Test
  void outputOfMoreDimensionsThanATensorHas_isTheModelsFault() {
    String ones = "1, ".repeat(33);
    run(
        KIT.forward("x: Tensor", "Tensor", "return torch.reshape(x, [" + ones + "])"),
        (session, model) -> {
          Tensor x = Tensor.ofFloats("x", Shape.of(1), 7);
          VaccelException failure = failureOf(() -> session.run(model, List.of(x)));
          assertThat(failure.reason()).isEqualTo(Reason.ENGINE_FAILED);
          assertThat(failure).hasMessageContaining("of the model: shape has rank 33");
          assertThat(failure.details()).doesNotContainKey(VaccelException.FIELD);
        });
  }

  /** The file tells no shapes, so nobody but the engine can compare them. */
  @Test
  void inputsOfOtherShapesThanTheProgramNeeds_areTheEnginesError() {
    run(
        KIT.sumAndDifference(),
        (session, model) -> {
          Tensor a = Tensor.ofFloats("a", Shape.of(1, 2), 5, 7);
          Tensor b = Tensor.ofFloats("b", Shape.of(1, 3), 1, 2, 3);
          VaccelException failure = failureOf(() -> session.run(model, List.of(a, b)));
          assertThat(failure.reason()).isEqualTo(Reason.ENGINE_FAILED);
          assertThat(failure.details()).doesNotContainKey(VaccelException.FIELD);
          assertThat(failure).hasMessageContainingAll("tensor a (2)", "tensor b (3)");
          assertThat(session.run(model, List.of(a, a.named("b"))).tensors()).hasSize(2);
        });
  }

  @Test
  void singleOutput_goesByTheNameThatIsAskedFor() {
    run(
        KIT.identity(ElementType.FLOAT32, 1),
        (session, model) -> {
          Tensor x = Tensor.ofFloats("x", Shape.of(1), 1);
          ModelRun asked = new ModelRun(model, List.of(x), List.of("scores"));
          assertThat(session.call(Operations.MODEL_RUN, asked).tensors())
              .containsExactly(x.named("scores"));
          ModelRun two = new ModelRun(model, List.of(x), List.of("scores", "more"));
          assertThat(failureOf(() -> session.call(Operations.MODEL_RUN, two)).reason())
              .isEqualTo(Reason.ARGUMENT_INVALID);
        });
  }

  @Test
  void inputs_areNotWrittenTo() {
    run(
        KIT.forward("x: Tensor", "Tensor", "return torch.add_(x, 1)"),
        (session, model) -> {
          Tensor x = Tensor.ofFloats("x", Shape.of(1), 1);
          assertThat(session.run(model, List.of(x)).tensors().get(0).floats()).containsExactly(2);
          assertThat(x.floats()).containsExactly(1);
        });
  }

  private static Tensor number(String name, ElementType type, long value) {
    ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
    return Tensor.of(name, type, Shape.of(), data);
  }

  private void run(ModelSpec spec, BiConsumer<Session, Model> use) {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, spec)) {
      use.accept(session, model);
    }
  }

  private static void assertRefused(
      Session session, Model model, String output, String mention, Tensor... inputs) {
    List<String> outputs = output.isEmpty() ? List.of() : List.of(output);
    ModelRun run = new ModelRun(model, List.of(inputs), outputs);
    VaccelException failure = failureOf(() -> session.call(Operations.MODEL_RUN, run));
    assertThat(failure.reason()).isIn(Reason.ARGUMENT_INVALID, Reason.TENSOR_INVALID);
    assertThat(failure).hasMessageContaining(mention);
  }
}
