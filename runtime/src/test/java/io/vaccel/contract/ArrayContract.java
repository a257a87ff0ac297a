package io.vaccel.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.AddAndMultiply;
import io.vaccel.AddVectors;
import io.vaccel.CopyArray;
import io.vaccel.FloatMatrix;
import io.vaccel.Minmax;
import io.vaccel.MultiplyMatrices;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Session;
import io.vaccel.Sgemm;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What a plugin promises that performs the operations on arrays. */
public interface ArrayContract extends PluginContract {

  @Test
  default void arrayOperations_areOffered() {
    try (Vaccel vaccel = open()) {
      for (Operation<?, ?> operation :
          List.of(
              Operations.ARRAY_MINMAX,
              Operations.ARRAY_COPY,
              Operations.ARRAY_MULTIPLY_MATRICES,
              Operations.ARRAY_ADD_AND_MULTIPLY,
              Operations.ARRAY_ADD_VECTORS)) {
        PluginContract.assertOffered(vaccel, operation);
      }
    }
  }

  @Test
  default void minmax_findsBoundsAndCuts() {
    double inf = Double.POSITIVE_INFINITY;
    Tensor data = Tensor.ofDoubles("", Shape.of(6), 3.5, -7.25, 1e300, -0.0, -inf, 8);
    withSession(
        session -> {
          Minmax.Bounds bounds = session.call(Operations.ARRAY_MINMAX, new Minmax(data, -2, 5));
          assertThat(bounds.min()).isEqualTo(-inf);
          assertThat(bounds.max()).isEqualTo(1e300);
          assertThat(bounds.output().shape()).isEqualTo(Shape.of(6));
          assertThat(bounds.output().doubles()).containsExactly(3.5, -2, 5, -0.0, -2, 5);
          assertThat(bounds.executedOn().plugin()).isNotBlank();
          int least = Integer.MIN_VALUE;
          Minmax one = new Minmax(Tensor.ofDoubles("", Shape.of(1), 4), least, least);
          assertThat(session.call(Operations.ARRAY_MINMAX, one).output().doubles())
              .containsExactly(least);
        });
  }

  @Test
  default void copy_isEqual() {
    withSession(
        session -> {
          for (int size : new int[] {0, 1, 1000, 1 << 21}) {
            Tensor input = Tensor.ofInts("", Shape.of(size), new Random(size).ints(size).toArray());
            assertThat(session.call(Operations.ARRAY_COPY, new CopyArray(input)).output())
                .isEqualTo(input);
          }
        });
  }

  @Test
  default void multipliedMatrices_areThoseOfTheReference() {
    withSession(
        session -> {
          for (int size : new int[] {1, 2, 50, 133}) {
            Tensor a = random(size, size, size);
            Tensor b = random(-size, size, size);
            Tensor product =
                session
                    .call(Operations.ARRAY_MULTIPLY_MATRICES, new MultiplyMatrices(a, b))
                    .output();
            assertThat(product.shape()).isEqualTo(Shape.of(size, size));
            Matrices.assertProduct(
                Sgemm.product(size, size, size, a.floats(), b.floats()),
                FloatMatrix.of(size, product.floats()));
          }
          Tensor none = Tensor.ofFloats("", Shape.of(0, 0));
          MultiplyMatrices empty = new MultiplyMatrices(none, none);
          assertThat(session.call(Operations.ARRAY_MULTIPLY_MATRICES, empty).output())
              .isEqualTo(none);
        });
  }

  @Test
  default void sumsAndProducts_areExact() {
    withSession(
        session -> {
          for (int size : new int[] {0, 1, 1001, 1 << 20}) {
            Tensor a = random(1, size);
            Tensor b = random(2, size);
            AddAndMultiply.Both both =
                session.call(Operations.ARRAY_ADD_AND_MULTIPLY, new AddAndMultiply(a, b));
            Tensor sum = session.call(Operations.ARRAY_ADD_VECTORS, new AddVectors(a, b)).output();
            float[] sums = new float[size];
            float[] products = new float[size];
            float[] as = a.floats();
            float[] bs = b.floats();
            for (int i = 0; i < size; i++) {
              sums[i] = as[i] + bs[i];
              products[i] = as[i] * bs[i];
            }
            assertThat(both.sum().floats()).isEqualTo(sums);
            assertThat(both.product().floats()).isEqualTo(products);
            assertThat(sum.floats()).isEqualTo(sums);
          }
        });
  }

  private static Tensor random(long seed, int... dimensions) {
    Random random = new Random(seed);
    long[] shape = Arrays.stream(dimensions).asLongStream().toArray();
    float[] values = new float[(int) Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 200 - 100;
    }
    return Tensor.ofFloats("", Shape.of(shape), values);
  }

  private void withSession(Consumer<Session> work) {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      work.accept(session);
    }
  }
}
