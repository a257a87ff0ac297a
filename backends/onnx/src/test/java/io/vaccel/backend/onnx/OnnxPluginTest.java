package io.vaccel.backend.onnx;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.ModelContract;
import io.vaccel.contract.OnnxFile;
import io.vaccel.contract.TinyModels;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OnnxPluginTest implements ModelContract {
  @Override
  public Vaccel open() {
    return open("VACCEL_ONNX_THREADS", "1");
  }

  private static Vaccel open(String name, String value) {
    return Vaccel.builder().set(Settings.PLUGINS, "onnx").set(name, value).load();
  }

  @Test
  void capabilities_nameEngineProvidersAndThreads() {
    try (Vaccel vaccel = open("VACCEL_ONNX_THREADS", "3")) {
      Capabilities can = vaccel.plugins().get(0).capabilities();
      assertThat(can.device()).matches("CPU|CUDA:0");
      assertThat(can.details())
          .containsEntry("engine", "ONNX Runtime 1.29.0")
          .containsEntry("threads", "3");
      assertThat(can.details().get("providers")).contains("CPUExecutionProvider");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "0", "-1", "1025", "99999999999999999999"})
  void badSetting_makesItUnusableAndSaysWhich(String threads) {
    try (Vaccel vaccel = open("VACCEL_ONNX_THREADS", threads);
        Session session = vaccel.openSession()) {
      assertThat(vaccel.plugins().get(0).capabilities().availability())
          .isInstanceOfSatisfying(
              Availability.Unusable.class,
              why -> assertThat(why.reason()).contains("VACCEL_ONNX_THREADS", threads));
      VaccelException failure = failureOf(() -> load(session, TinyModels.counting()));
      assertThat(failure.reason()).isEqualTo(Reason.NO_PLUGIN);
    }
  }

  @Test
  void closedPlugin_isUnusable() {
    Plugin plugin = new OnnxProvider().create(new Settings(Map.of()));
    plugin.close();
    assertThat(plugin.capabilities().availability().isUsable()).isFalse();
  }

  @Test
  void outputOfKnownSizeOverTheLimit_isRefusedBeforeTheRun() {
    assertOverLimit(TinyModels.identity(ElementType.INT8, 1001), bytes(1001));
  }

  @Test
  void outputOfUnknownSizeOverTheLimit_isRefused() {
    assertOverLimit(TinyModels.identity(ElementType.INT8, -1), bytes(1001));
  }

  @Test
  void outputOfStringsOverTheLimit_isRefused() {
    Tensor strings =
        Tensor.ofStrings(
            "x", Shape.of(1), List.of("x".repeat(998).getBytes(StandardCharsets.US_ASCII)));
    assertOverLimit(TinyModels.identity(ElementType.STRING, -1), strings);
  }

  @Test
  void smallInputThatAsksForALargeOutput_isRefused() {
    ByteBuffer n = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 251);
    assertOverLimit(
        TinyModels.repeating(),
        Tensor.ofFloats("x", Shape.of(1), 1),
        Tensor.of("n", ElementType.INT64, Shape.of(1), n));
  }

  @Test
  void outputAtTheLimit_isReturned() {
    try (Vaccel vaccel = open("VACCEL_ONNX_MAX_OUTPUT_BYTES", "1000");
        Session session = vaccel.openSession();
        Model model = load(session, TinyModels.identity(ElementType.INT8, -1))) {
      assertThat(session.run(model, List.of(bytes(1000))).tensors().get(0).sizeBytes())
          .isEqualTo(1000);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
  void wideUnsignedInputs_areTakenBitForBit(ElementType type) {
    byte[] bits = new byte[(int) type.bytes(6)];
    Arrays.fill(bits, bits.length / 2, bits.length, (byte) -1);
    bits[bits.length - 1] = (byte) 0x80;
    bits[0] = 1;
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = load(session, TinyModels.identity(type, 2, 3));
        Model empty = load(session, TinyModels.identity(type, 0))) {
      Tensor x = Tensor.of("x", type, Shape.of(2, 3), ByteBuffer.wrap(bits));
      assertThat(session.run(model, List.of(x)).tensors()).containsExactly(x.named("y"));
      Tensor none = Tensor.of("x", type, Shape.of(0), ByteBuffer.allocate(0));
      assertThat(session.run(empty, List.of(none)).tensors()).containsExactly(none.named("y"));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
  void wideUnsignedOutputs_areReturned(ElementType type) {
    OnnxFile file =
        new OnnxFile("cast")
            .input("x", ElementType.UINT8, 2)
            .node(
                "Cast", List.of("x"), List.of("y"), OnnxFile.integer("to", OnnxFile.dataType(type)))
            .output("y", type, 2);
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = load(session, file)) {
      ByteBuffer data = ByteBuffer.wrap(new byte[] {7, -1});
      Tensor x = Tensor.of("x", ElementType.UINT8, Shape.of(2), data);
      Tensor y = session.run(model, List.of(x)).tensors().get(0);
      assertThat(y.type()).isEqualTo(type);
      assertThat(y.data().get(0)).isEqualTo((byte) 7);
      assertThat(y.data().get(y.sizeBytes() / 2)).isEqualTo((byte) 255);
    }
  }

  @Test
  void textsThatTheEngineCannotHold_areRefused() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = load(session, TinyModels.identity(ElementType.STRING, -1))) {
      for (byte[] bad : List.of(new byte[] {'a', 0}, new byte[] {(byte) 0xff})) {
        Tensor x = Tensor.ofStrings("x", Shape.of(2), List.of(new byte[] {'a'}, bad));
        VaccelException failure = failureOf(() -> session.run(model, List.of(x)));
        assertThat(failure.reason()).isEqualTo(Reason.TENSOR_INVALID);
        assertThat(failure).hasMessageContaining("string 1");
      }
    }
  }

  @Test
  void textsOfTheModel_areReturnedInUtf8_whateverTheRank() {
    long[] nine = {1, 1, 1, 1, 1, 1, 1, 1, 2};
    OnnxFile file =
        new OnnxFile("texts")
            .input("x", ElementType.STRING, nine)
            .constant("c", List.of("smile \ud83d\ude00", ""), nine)
            .node("Identity", List.of("x"), List.of("y"))
            .node("Identity", List.of("c"), List.of("z"))
            .output("y", ElementType.STRING, nine)
            .output("z", ElementType.STRING, nine);
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = load(session, file)) {
      List<byte[]> texts = List.of("a\ud83d\ude00".getBytes(StandardCharsets.UTF_8), new byte[0]);
      Tensor x = Tensor.ofStrings("x", Shape.of(nine), texts);
      List<Tensor> outputs = session.run(model, List.of(x)).tensors();
      assertThat(outputs.get(0)).isEqualTo(x.named("y"));
      assertThat(outputs.get(1).strings())
          .containsExactly("smile \ud83d\ude00".getBytes(StandardCharsets.UTF_8), new byte[0]);
    }
  }

  @Test
  void outputOfMoreDimensionsThanATensorHas_isTheModelsFault() {
    OnnxFile file =
        new OnnxFile("reshape")
            .input("x", ElementType.FLOAT32, 1)
            .input("n", ElementType.INT64, -1)
            .node("Reshape", List.of("x", "n"), List.of("y"))
            .output("y", ElementType.FLOAT32, -1);
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = load(session, file)) {
      Tensor x = Tensor.ofFloats("x", Shape.of(1), 7);
      assertThat(session.run(model, List.of(x, ones(32))).tensors().get(0).shape().rank())
          .isEqualTo(32);
      VaccelException failure = failureOf(() -> session.run(model, List.of(x, ones(33))));
      assertThat(failure.reason()).isEqualTo(Reason.ENGINE_FAILED);
      assertThat(failure).hasMessageContaining("output 'y' of the model: shape has rank 33");
      assertThat(failure.details()).doesNotContainKey(VaccelException.FIELD);
    }
  }

  @Test
  void longTexts_areCheckedAndMovedWhole() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = load(session, TinyModels.identity(ElementType.STRING))) {
      byte[] text = "\u4f60\u597d".repeat(50_000).getBytes(StandardCharsets.UTF_8);
      Tensor x = Tensor.ofStrings("x", Shape.of(), List.of(text));
      assertThat(session.run(model, List.of(x)).tensors()).containsExactly(x.named("y"));
      text[text.length - 1] = 'a';
      Tensor cut = Tensor.ofStrings("x", Shape.of(), List.of(text));
      assertThat(failureOf(() -> session.run(model, List.of(cut))).reason())
          .isEqualTo(Reason.TENSOR_INVALID);
    }
  }

  @Test
  void otherBytesThanZeroAndOne_areNoBooleans() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = load(session, TinyModels.identity(ElementType.BOOL, 2))) {
      ByteBuffer data = ByteBuffer.wrap(new byte[] {1, 2});
      Tensor x = Tensor.of("x", ElementType.BOOL, Shape.of(2), data);
      assertThat(failureOf(() -> session.run(model, List.of(x))).reason())
          .isEqualTo(Reason.TENSOR_INVALID);
    }
  }

  private static Tensor ones(int count) {
    ByteBuffer data = ByteBuffer.allocate(count * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      data.putLong(1);
    }
    return Tensor.of("n", ElementType.INT64, Shape.of(count), data.flip());
  }

  private static Tensor bytes(int count) {
    return Tensor.of("x", ElementType.INT8, Shape.of(count), ByteBuffer.allocate(count));
  }

  private static void assertOverLimit(OnnxFile file, Tensor... inputs) {
    try (Vaccel vaccel = open("VACCEL_ONNX_MAX_OUTPUT_BYTES", "1000");
        Session session = vaccel.openSession();
        Model model = load(session, file)) {
      VaccelException failure = failureOf(() -> session.run(model, List.of(inputs)));
      assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
      assertThat(failure.details()).containsEntry("limit", "1000").containsKey("amount");
    }
  }

  private static Model load(Session session, OnnxFile model) {
    return session.load(TinyModels.spec(model), CallOptions.defaults());
  }
}
