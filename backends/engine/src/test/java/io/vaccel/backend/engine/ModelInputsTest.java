package io.vaccel.backend.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.TensorInfo;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

final class ModelInputsTest {
  private static final List<ElementType> TYPES =
      List.of(ElementType.INT8, ElementType.FLOAT32, ElementType.BOOL, ElementType.INT4);

  @Property(tries = 500)
  void fittingTensors_matchInAnyOrder(
      @ForAll("signatures") Signature signature, @ForAll long seed, @ForAll boolean named) {
    Random random = new Random(seed);
    List<Tensor> tensors = new ArrayList<>();
    for (TensorInfo input : signature.inputs()) {
      long[] dimensions =
          input.dimensions().stream().mapToLong(d -> d < 0 ? random.nextInt(4) : d).toArray();
      tensors.add(tensor(named ? input.name() : "", input.type(), dimensions));
    }
    List<Tensor> given = new ArrayList<>(tensors);
    if (named) {
      Collections.shuffle(given, random);
    }
    assertThat(ModelInputs.match(signature, given)).isEqualTo(tensors);
  }

  @Property(tries = 2000)
  void anyTensors_matchOrAreRefusedByName(
      @ForAll("signatures") Signature signature, @ForAll("tensorLists") List<Tensor> tensors) {
    Throwable failure = catchThrowable(() -> assertFits(signature, tensors));
    if (failure != null) {
      assertThat(failure).isInstanceOf(VaccelException.class);
      assertThat(((VaccelException) failure).reason())
          .isIn(Reason.ARGUMENT_INVALID, Reason.TENSOR_INVALID);
      assertThat(((VaccelException) failure).details().get(VaccelException.FIELD))
          .matches("inputs(\\[\"[a-d]\"](\\.element_type|\\.shape(\\[[0-2]])?)?)?");
    }
  }

  @Test
  void whatDoesNotFit_isNamed() {
    Signature signature =
        new Signature(
            List.of(
                new TensorInfo("image", ElementType.BOOL, List.of(-1L, 3L)),
                new TensorInfo("", ElementType.FLOAT32, TensorInfo.ANY_SHAPE)),
            List.of(new TensorInfo("y", ElementType.BOOL, List.of(1L))));
    Tensor image = tensor("", ElementType.BOOL, 2, 3);
    Tensor scalar = tensor("", ElementType.FLOAT32);
    Tensor two =
        Tensor.of("", ElementType.BOOL, Shape.of(1, 3), ByteBuffer.wrap(new byte[] {0, 1, 2}));

    assertThat(field(signature, tensor("", ElementType.BOOL, 2, 4), scalar))
        .isEqualTo("inputs[\"image\"].shape[1]");
    assertThat(field(signature, tensor("", ElementType.BOOL, 3), scalar))
        .isEqualTo("inputs[\"image\"].shape");
    assertThat(field(signature, scalar, scalar)).isEqualTo("inputs[\"image\"].element_type");
    assertThat(field(signature, two, scalar)).isEqualTo("inputs[\"image\"].data");
    assertThat(field(signature, image, image)).isEqualTo("inputs[1].element_type");
    assertThat(field(signature, image)).isEqualTo("inputs[1]");
    assertThat(field(signature, image.named("pixels"))).isEqualTo("inputs[\"pixels\"]");
    assertThat(field(signature, image.named("\"\n"))).isEqualTo("inputs[\"\"?\"]");
    assertThat(field(signature, image, image, image)).isEqualTo("inputs");
    assertThat(
            catchThrowableOfType(
                    VaccelException.class, () -> ModelInputs.outputs(signature, List.of("y", "z")))
                .details())
        .containsEntry(VaccelException.FIELD, "outputs[\"z\"]");
  }

  private static String field(Signature signature, Tensor... tensors) {
    return catchThrowableOfType(
            VaccelException.class, () -> ModelInputs.match(signature, List.of(tensors)))
        .details()
        .get(VaccelException.FIELD);
  }

  @Provide
  Arbitrary<Signature> signatures() {
    Arbitrary<TensorInfo> info =
        Combinators.combine(Arbitraries.of(TYPES), dimensions(-1))
            .as((type, dimensions) -> new TensorInfo("", type, dimensions));
    return info.list()
        .ofMaxSize(3)
        .map(
            infos -> {
              List<TensorInfo> named = new ArrayList<>();
              for (TensorInfo each : infos) {
                named.add(
                    new TensorInfo(
                        "" + (char) ('a' + named.size()), each.type(), each.dimensions()));
              }
              return new Signature(named, List.of());
            });
  }

  @Provide
  Arbitrary<List<Tensor>> tensorLists() {
    Arbitrary<String> name = Arbitraries.of("", "a", "b", "c", "d");
    return Combinators.combine(name, Arbitraries.of(TYPES), dimensions(0))
        .as(
            (given, type, dimensions) ->
                tensor(given, type, dimensions.stream().mapToLong(Long::longValue).toArray()))
        .list()
        .ofMaxSize(4);
  }

  private static Arbitrary<List<Long>> dimensions(long least) {
    return Arbitraries.longs().between(least, 3).list().ofMaxSize(3);
  }

  private static void assertFits(Signature signature, List<Tensor> tensors) {
    List<Tensor> matched = ModelInputs.match(signature, tensors);
    assertThat(matched).hasSameSizeAs(signature.inputs());
    for (int k = 0; k < matched.size(); k++) {
      TensorInfo input = signature.inputs().get(k);
      Tensor tensor = matched.get(k);
      assertThat(tensor.name()).isIn("", input.name());
      assertThat(tensor.type()).isEqualTo(input.type());
      assertThat(tensor.shape().rank()).isEqualTo(input.dimensions().size());
      for (int i = 0; i < tensor.shape().rank(); i++) {
        assertThat(input.dimensions().get(i)).isIn(-1L, tensor.shape().dimension(i));
      }
    }
  }

  private static Tensor tensor(String name, ElementType type, long... dimensions) {
    long elements = LongStream.of(dimensions).reduce(1, (a, b) -> a * b);
    return Tensor.of(
        name, type, Shape.of(dimensions), ByteBuffer.allocate((int) type.bytes(elements)));
  }
}
