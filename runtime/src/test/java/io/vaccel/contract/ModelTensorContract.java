package io.vaccel.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a plugin that runs models promises of their tensors: all types, all sizes, bit for bit. */
public interface ModelTensorContract extends PluginContract {

  /** The models that the plugin is tried with. */
  ModelKit models();

  @TestFactory
  default Stream<DynamicTest> everyElementType_goesThroughUnchanged() {
    return models().types().stream()
        .filter(ElementType::isFixedSize)
        .map(type -> DynamicTest.dynamicTest(type.name(), () -> goesThroughUnchanged(type)));
  }

  private void goesThroughUnchanged(ElementType type) {
    withModel(
        models().identity(type, -1, 3),
        (session, model) -> {
          for (int rows : new int[] {1, 5, 0, 40_000}) {
            byte[] bytes = new byte[(int) type.bytes(rows * 3L)];
            new Random(rows).nextBytes(bytes);
            for (int i = 0; type == ElementType.BOOL && i < bytes.length; i++) {
              bytes[i] &= 1;
            }
            if (type == ElementType.INT4 && rows % 2 == 1) {
              // Half a byte that no element has.
              bytes[bytes.length - 1] &= 0xf;
            }
            Tensor x = Tensor.of("x", type, Shape.of(rows, 3), ByteBuffer.wrap(bytes));
            assertThat(session.run(model, List.of(x)).tensors()).containsExactly(result(x));
          }
        });
  }

  @Test
  default void largeOutputOfKnownSize_isWhole() {
    withModel(
        models().identity(ElementType.FLOAT32, 512, 1024),
        (session, model) -> {
          ByteBuffer data = ByteBuffer.allocateDirect(2 << 20).order(ByteOrder.nativeOrder());
          Random random = new Random(1);
          while (data.hasRemaining()) {
            data.putFloat(random.nextFloat());
          }
          Tensor x = Tensor.of("x", ElementType.FLOAT32, Shape.of(512, 1024), data.flip());
          assertThat(session.run(model, List.of(x)).tensors()).containsExactly(result(x));
        });
  }

  @Test
  default void bufferAtOddAddress_isTaken() {
    withModel(
        models().identity(ElementType.FLOAT64, 2),
        (session, model) -> {
          ByteBuffer data = ByteBuffer.allocateDirect(17).order(ByteOrder.LITTLE_ENDIAN);
          data.putDouble(1, 2.5).putDouble(9, -1e300).position(1);
          Tensor x = Tensor.of("", ElementType.FLOAT64, Shape.of(2), data);
          assertThat(session.run(model, List.of(x)).tensors()).containsExactly(result(x));
        });
  }

  @Test
  default void strings_goThroughUnchanged() {
    Assumptions.assumeTrue(
        models().types().contains(ElementType.STRING),
        () -> "the engine of " + models().format() + " models takes no strings");
    withModel(
        models().identity(ElementType.STRING, -1, 2),
        (session, model) -> {
          List<byte[]> texts = new ArrayList<>();
          for (String text :
              List.of("", "gr\u00fc\u00dfe \u4f60\u597d", "\ud83d\ude00", "two words\n")) {
            texts.add(text.getBytes(StandardCharsets.UTF_8));
          }
          Tensor x = Tensor.ofStrings("x", Shape.of(2, 2), texts);
          assertThat(session.run(model, List.of(x)).tensors()).containsExactly(result(x));
        });
  }

  @Test
  default void sizesOfManyBits_withoutElements_areTakenOrRefusedByName() {
    for (ElementType type : List.of(ElementType.FLOAT32, ElementType.STRING)) {
      if (models().types().contains(type)) {
        withModel(
            models().identity(type, -1, -1),
            (session, model) -> emptyTensors(session, model, type));
      }
    }
  }

  private void emptyTensors(Session session, Model model, ElementType type) {
    for (Shape shape :
        List.of(
            Shape.of(Integer.MAX_VALUE, 0),
            Shape.of(1L << 31, 0),
            Shape.of(1L << 32, 0),
            Shape.of(0, 1L << 32),
            Shape.of(0, 1L << 62),
            Shape.of(0, Long.MAX_VALUE))) {
      Tensor empty = Tensor.of("x", type, shape, ByteBuffer.allocate(0));
      try {
        assertThat(session.run(model, List.of(empty)).tensors())
            .as("%s", shape)
            .containsExactly(result(empty));
      } catch (VaccelException e) {
        assertThat(e.reason()).as("%s: %s", shape, e).isEqualTo(Reason.TENSOR_INVALID);
        assertThat(e.details().get("field")).as("%s: %s", shape, e).startsWith("inputs");
      }
      // One element, or one string of no bytes.
      Tensor one = Tensor.of("x", type, Shape.of(1, 1), ByteBuffer.allocate(Integer.BYTES));
      assertThat(session.run(model, List.of(one)).tensors()).containsExactly(result(one));
    }
  }

  /** What an identity gives for this input. */
  private Tensor result(Tensor x) {
    return x.named(models().tellsSignature() ? "y" : "");
  }
}
