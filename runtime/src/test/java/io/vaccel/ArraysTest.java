package io.vaccel;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Arrays of another type, rank or shape never reach a plugin, and the error names the field. */
final class ArraysTest {
  private static final Tensor NUMBERS = Tensor.ofDoubles("", Shape.of(2), 1, 2);

  @Property(tries = 500)
  void operands_areTakenExactlyWhenTheyFit(
      @ForAll("tensors") Tensor first, @ForAll("tensors") Tensor second) {
    boolean floats =
        first.type() == ElementType.FLOAT32
            && second.type() == ElementType.FLOAT32
            && first.shape().equals(second.shape());
    boolean vectors = floats && first.shape().rank() == 1;
    boolean squares =
        floats
            && first.shape().rank() == 2
            && first.shape().dimension(0) == first.shape().dimension(1);
    made(vectors, () -> new AddVectors(first, second), "a", "b");
    made(vectors, () -> new AddAndMultiply(first, second), "a", "b");
    made(squares, () -> new MultiplyMatrices(first, second), "a", "b");
    made(
        first.type() == ElementType.INT32 && first.shape().rank() == 1,
        () -> new CopyArray(first),
        "input");
    made(
        first.type() == ElementType.FLOAT64
            && first.shape().rank() == 1
            && first.shape().elements() > 0,
        () -> new Minmax(first, 0, 1),
        "data");
  }

  @Provide
  Arbitrary<Tensor> tensors() {
    Arbitrary<ElementType> types =
        Arbitraries.of(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.INT32);
    Arbitrary<long[]> shapes = Arbitraries.longs().between(0, 3).array(long[].class).ofMaxSize(3);
    return Combinators.combine(types, shapes)
        .as(
            (type, dimensions) -> {
              Shape shape = Shape.of(dimensions);
              int bytes = (int) type.bytes(shape.elements());
              return Tensor.of("", type, shape, ByteBuffer.allocate(bytes));
            });
  }

  @Test
  void thresholdsTheWrongWayRound_areRefused() {
    made(false, () -> new Minmax(NUMBERS, 3, 2), "low");
  }

  @Test
  void numbersThatAreNone_haveNoBounds() {
    Tensor data = Tensor.ofDoubles("", Shape.of(3), 1, 2, Double.NaN);

    assertThat(failureOf(() -> new Minmax(data, 0, 1))).hasMessageContaining("index 2");
    made(false, () -> new Minmax(data, 0, 1), "data");
  }

  private static void made(boolean fits, ThrowingCallable making, String... fields) {
    if (fits) {
      assertThatCode(making).doesNotThrowAnyException();
      return;
    }
    VaccelException failure = failureOf(making);
    assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(failure.details().get("field")).isIn(List.of(fields));
  }
}
