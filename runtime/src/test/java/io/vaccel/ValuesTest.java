package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.spi.Capabilities;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The small values: settings, options, places, errors. */
class ValuesTest {
  @Test
  void settings_areStripped_andBlankIsMissing() {
    Settings settings = new Settings(Map.of("A", " x ", "B", "  ", "L", " a: :b::"));
    assertThat(settings.get("A")).contains("x");
    assertThat(settings.get("B")).isEmpty();
    assertThat(settings.get("C")).isEmpty();
    assertThat(settings.list("L")).containsExactly("a", "b");
    assertThat(settings.list("B")).isEmpty();
    assertThat(settings.with("A", "y").get("A")).contains("y");
    assertThat(settings.get("A")).contains("x");
  }

  @Test
  void timeout_mustBePositive_andIsCut() {
    for (Duration bad : List.of(Duration.ZERO, Duration.ofSeconds(-1))) {
      assertThat(Failures.of(() -> CallOptions.within(bad)).reason())
          .isEqualTo(Reason.ARGUMENT_INVALID);
    }
    assertThat(CallOptions.within(Duration.ofSeconds(Long.MAX_VALUE)).timeout())
        .isEqualTo(Duration.ofDays(1));
    assertThat(Failures.of(() -> Vaccel.builder().timeout(Duration.ZERO).load()).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
  }

  @Test
  void executedOn_growsByOneAgentAtATime_nearestFirst() {
    ExecutedOn here = ExecutedOn.here("onnx", "CPU", new Stage("inference", Duration.ofMillis(3)));
    assertThat(here).hasToString("here, plugin onnx, CPU");
    assertThat(here.isLocal()).isTrue();
    ExecutedOn twice = here.via("unix:/run/worker").via("vsock:2:2048");
    assertThat(twice.path()).containsExactly("vsock:2:2048", "unix:/run/worker");
    assertThat(twice).hasToString("agent vsock:2:2048 -> unix:/run/worker, plugin onnx, CPU");
    assertThat(twice.isLocal()).isFalse();
    assertThat(
            twice
                .after(new Stage("decode", Duration.ofMillis(1)))
                .then("round trip", Duration.ofMillis(9))
                .stages())
        .extracting(Stage::name)
        .containsExactly("decode", "inference", "round trip");
  }

  @Property
  void errorText_isAlwaysOneLine(@ForAll String text) {
    VaccelException error =
        new VaccelException(Reason.INTERNAL, text).at("noop", "vsock:2:2048").with("a", 1);
    assertThat(error.getMessage().lines()).hasSizeLessThanOrEqualTo(1);
    assertThat(error.getMessage()).doesNotContainPattern("\\p{Cntrl}");
    assertThat(error.text().length()).isLessThanOrEqualTo(VaccelException.MAX_LENGTH);
  }

  @Test
  void error_keepsReasonDetailsAndCause_throughEveryCopy() {
    Throwable cause = new IllegalStateException("why");
    VaccelException error =
        new VaccelException(Reason.QUOTA_EXCEEDED, "full", cause)
            .with("limit", 3)
            .at("noop", "plugin a")
            .with("amount", 4)
            .at("noop", "plugin b");
    assertThat(error).hasMessage("noop at plugin b: full").hasCause(cause);
    assertThat(error.text()).isEqualTo("full");
    assertThat(error.details()).containsExactly(Map.entry("limit", "3"), Map.entry("amount", "4"));
    assertThat(error.code()).isEqualTo(ErrorCode.RESOURCE_EXHAUSTED);
    assertThat(error.during("noop")).hasMessage("noop: full");
  }

  @Test
  void fields_nest() {
    VaccelException inner =
        VaccelException.ofField(Reason.TENSOR_INVALID, "shape[0]", "is negative");
    assertThat(inner.inField("inputs[2]")).hasMessage("inputs[2].shape[0] is negative");
    assertThat(inner.inField("inputs[2]").details()).containsEntry("field", "inputs[2].shape[0]");
    VaccelException said = new VaccelException(Reason.TENSOR_INVALID, "2 bytes are missing");
    assertThat(said.inField("a").inField("b")).hasMessage("b: a: 2 bytes are missing");
    assertThat(said.about("data").inField("x").details()).containsEntry("field", "x.data");
    assertThat(inner.about("other")).isSameAs(inner);
    VaccelException full = new VaccelException(Reason.QUOTA_EXCEEDED, "full");
    assertThat(full.about("data")).isSameAs(full);
  }

  @Test
  void longErrorText_isCut() {
    VaccelException error = new VaccelException(Reason.ENGINE_FAILED, "x".repeat(1_000_000));
    assertThat(error.getMessage()).hasSize(VaccelException.MAX_LENGTH).endsWith("...");
  }

  @Test
  void operations_areFoundByName() {
    for (Operation<?, ?> operation : Operations.all()) {
      assertThat(Operations.named(operation.name())).contains(operation);
    }
    assertThat(Operations.named("rm -rf")).isEmpty();
  }

  @Test
  void topLabels_areAsManyAsThereAre() {
    Classification result =
        new Classification(
            List.of(
                new Classification.Label(967, "espresso", 0.984f),
                new Classification.Label(504, "coffee mug", 0.01f)),
            ExecutedOn.here("onnx", "CPU"));
    assertThat(result.top(1)).hasToString("[espresso 0.98]");
    assertThat(result.top(5)).hasSize(2);
    assertThat(result.best().index()).isEqualTo(967);
  }

  @Test
  void topCount_isChecked() {
    try (Vaccel vaccel =
            Vaccel.builder().plugin(new FakePlugin("far", FakePlugin.journal())).load();
        Session session = vaccel.openSession();
        Model model = session.load(Models.onnx("net.onnx"), CallOptions.defaults())) {
      Image image = Image.encoded(java.nio.ByteBuffer.allocate(1));
      for (int bad : new int[] {0, -1, 1001, Integer.MAX_VALUE}) {
        assertThat(Failures.of(() -> new Classify(model, image, bad)).reason())
            .isEqualTo(Reason.ARGUMENT_INVALID);
      }
      assertThat(new Classify(model, image, 1000).top()).isEqualTo(1000);
    }
  }

  @Test
  void capabilities_keepTheOrderOfTheirFacts() {
    Capabilities capabilities =
        Capabilities.of("CPU", Operations.NOOP).with("z", "1").with("a", "2");
    assertThat(capabilities.details().keySet()).containsExactly("z", "a");
    assertThat(Capabilities.none("off").availability().isUsable()).isFalse();
  }
}
