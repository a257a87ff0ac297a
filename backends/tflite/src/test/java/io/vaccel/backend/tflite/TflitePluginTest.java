package io.vaccel.backend.tflite;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.ModelContract;
import io.vaccel.contract.ModelKit;
import io.vaccel.spi.Capabilities;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TflitePluginTest implements ModelContract {
  private static final TfliteKit KIT = new TfliteKit();

  @Override
  public Vaccel open() {
    return open("VACCEL_TFLITE_THREADS", "1");
  }

  @Override
  public ModelKit models() {
    return KIT;
  }

  private static Vaccel open(String name, String value) {
    return Vaccel.builder().set(Settings.PLUGINS, "tflite").set(name, value).load();
  }

  @Test
  void capabilities_nameEngineAndThreads() {
    try (Vaccel vaccel = open("VACCEL_TFLITE_THREADS", "3")) {
      Capabilities can = vaccel.plugins().get(0).capabilities();
      assertThat(can.device()).isEqualTo("CPU");
      assertThat(can.details())
          .containsEntry("engine", "TensorFlow Lite 2.21.0")
          .containsEntry("delegate", "XNNPACK")
          .containsEntry("threads", "3")
          .containsEntry("GPU", "not used");
    }
  }

  @Test
  void namesOfTheSignature_goBeforeThoseOfTheTensors() {
    ModelSpec named =
        KIT.spec(
            TfliteKit.identityFile(ElementType.INT8, 2)
                .signature(List.of("pixels"), List.of("scores"))
                .bytes());
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, named)) {
      assertThat(model.signature().inputs())
          .containsExactly(new TensorInfo("pixels", ElementType.INT8, List.of(2L)));
      Tensor in = Tensor.of("pixels", ElementType.INT8, Shape.of(2), ByteBuffer.allocate(2));
      assertThat(session.run(model, List.of(in)).tensors()).containsExactly(in.named("scores"));
    }
  }

  @Test
  void outputOfKnownSizeOverTheLimit_isRefusedBeforeTheRun() {
    assertOverLimit(KIT.identity(ElementType.INT8, 1001), bytes(1001));
  }

  @Test
  void outputOfUnknownSizeOverTheLimit_isRefused() {
    assertOverLimit(KIT.identity(ElementType.INT8, -1), bytes(1001));
  }

  @Test
  void smallInputThatAsksForALargeOutput_isRefused() {
    assertOverLimit(KIT.repeating(), Tensor.ofFloats("x", Shape.of(1), 1), count(251));
  }

  @Test
  void inputThatAsksForAnImpossibleOutput_losesOnlyItsRun() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, KIT.repeating())) {
      Tensor x = Tensor.ofFloats("x", Shape.of(1), 7);
      // Greater ones are cut to 32 bits by the engine's operator.
      for (long n : new long[] {1L << 31, -1}) {
        VaccelException failure = failureOf(() -> session.run(model, List.of(x, count(n))));
        assertThat(failure.reason()).as("%s", failure).isEqualTo(Reason.ENGINE_FAILED);
        assertThat(failure).hasMessageContaining("number of bytes overflowed");
      }
      assertThat(session.run(model, List.of(x, count(2))).tensors().get(0).floats())
          .containsExactly(7, 7);
    }
  }

  @Test
  void sizeOverThirtyOneBits_isRefusedByName() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, KIT.identity(ElementType.INT8, -1, -1))) {
      Tensor empty =
          Tensor.of("x", ElementType.INT8, Shape.of(1L << 31, 0), ByteBuffer.allocate(0));
      VaccelException failure = failureOf(() -> session.run(model, List.of(empty)));
      assertThat(failure.reason()).isEqualTo(Reason.TENSOR_INVALID);
      assertThat(failure).hasMessageContainingAll("'x'", "2147483648");
    }
  }

  private static Tensor bytes(int count) {
    return Tensor.of("x", ElementType.INT8, Shape.of(count), ByteBuffer.allocate(count));
  }

  private static Tensor count(long n) {
    ByteBuffer data = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, n);
    return Tensor.of("n", ElementType.INT64, Shape.of(1), data);
  }

  private static void assertOverLimit(ModelSpec spec, Tensor... inputs) {
    try (Vaccel vaccel = open("VACCEL_TFLITE_MAX_OUTPUT_BYTES", "1000");
        Session session = vaccel.openSession();
        Model model = ModelContract.load(session, spec)) {
      VaccelException failure = failureOf(() -> session.run(model, List.of(inputs)));
      assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
      assertThat(failure).hasMessageContaining("1000");
    }
  }
}
