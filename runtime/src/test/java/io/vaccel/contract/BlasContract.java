package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.FloatMatrix;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Sgemm;
import io.vaccel.Vaccel;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a plugin promises that performs {@link Operations#BLAS_SGEMM}.
 *
 * <p>Results are compared with sums in binary64, made here. The tolerance of each element is the
 * bound that holds for every order of summation in binary32: {@code (k + 2) 2^-24 (|alpha| |A| |B|
 * + |beta| |C|)}.
 */
public interface BlasContract extends PluginContract {

  @Test
  default void sgemm_isOffered() {
    try (Vaccel vaccel = open()) {
      PluginContract.assertOffered(vaccel, Operations.BLAS_SGEMM);
    }
  }

  @Test
  default void product_isRowMajor() {
    float[] a = {1, 2, 3, 4, 5, 6};
    float[] b = {7, 8, 9, 10, 11, 12};
    withSession(
        session -> {
          Sgemm.Product product = session.sgemm(Sgemm.product(2, 2, 3, a, b));
          assertThat(product.c().floats()).containsExactly(58, 64, 139, 154);
          assertThat(product.c().leadingDimension()).isEqualTo(2);
          assertThat(product.executedOn().plugin()).isNotBlank();
          assertThat(product.executedOn().device()).isNotBlank();
          assertThat(product.executedOn().stages()).anyMatch(s -> s.name().equals("sgemm"));
        });
  }

  @ParameterizedTest(name = "{0} x {1} x {2}, {3} times, gaps of {4}")
  @CsvSource({
    "1, 1, 1, 1, 0",
    "3, 5, 7, 1, 0",
    "64, 64, 64, 1, 3",
    "17, 33, 129, 4, 5",
    "1, 300, 2, 3, 1",
    "300, 1, 2, 3, 1",
    "130, 70, 1000, 2, 0",
    "257, 511, 300, 1, 7",
  })
  default void product_isThatOfTheReference(int m, int n, int k, int batch, int gap) {
    Random random = new Random(31L * m + n);
    FloatMatrix a = Matrices.random(random, m, k, k + gap, batch);
    FloatMatrix b = Matrices.random(random, k, n, n + 2L * gap, batch);
    FloatMatrix c = Matrices.random(random, m, n, n + 3L * gap, batch);
    withSession(
        session -> {
          for (float[] factors : new float[][] {{1, 0}, {1, 1}, {-0.75f, 2.5f}, {0, 3}}) {
            Sgemm input = new Sgemm(m, n, k, factors[0], a, b, factors[1], c, batch);
            Matrices.assertProduct(input, session.sgemm(input).c());
          }
          Sgemm withoutC =
              new Sgemm(m, n, k, 1, a, b, 0, FloatMatrix.none(c.leadingDimension()), batch);
          FloatMatrix product = session.sgemm(withoutC).c();
          Matrices.assertProduct(withoutC, product);
          assertThat(session.sgemm(withoutC).c()).as("the same again").isEqualTo(product);
        });
  }

  @Test
  default void matricesThatExceedOneMessage_areWhole() {
    Random random = new Random(5);
    int size = 1100;
    FloatMatrix a = Matrices.random(random, size, 7, 7, 1);
    FloatMatrix b = Matrices.random(random, 7, size, size, 1);
    FloatMatrix c = Matrices.random(random, size, size, size, 1);
    Sgemm input = new Sgemm(size, size, 7, 1, a, b, -1, c, 1);
    withSession(session -> Matrices.assertProduct(input, session.sgemm(input).c()));
  }

  @Test
  default void whatIsNotRead_doesNotSpreadNaN() {
    FloatMatrix nan = FloatMatrix.of(1, Float.NaN);
    FloatMatrix two = FloatMatrix.of(1, 2);
    withSession(
        session -> {
          assertThat(scalar(session, 1, two, two, 0, nan)).isEqualTo(4);
          assertThat(scalar(session, 0, nan, two, 3, two)).isEqualTo(6);
          assertThat(scalar(session, 1, nan, two, 1, two)).isNaN();
          assertThat(scalar(session, 1, two, two, 1, nan)).isNaN();
          FloatMatrix infinite = FloatMatrix.of(1, Float.POSITIVE_INFINITY);
          assertThat(scalar(session, 1, infinite, two, 0, nan)).isPositive().isInfinite();
        });
  }

  @Test
  default void emptyMatrices_haveEmptyOrScaledResults() {
    FloatMatrix none = FloatMatrix.none(1L << 40);
    withSession(
        session -> {
          for (long[] size : new long[][] {{0, 1, 0}, {1L << 40, 0, 0}, {0, 0, 1L << 40}}) {
            Sgemm empty =
                new Sgemm(size[0], size[1], size[2], 1, none, none, 1, none, Long.MAX_VALUE);
            assertThat(session.sgemm(empty).c().floats()).isEmpty();
          }
          FloatMatrix c = FloatMatrix.of(2, 1, 2, 3, 4);
          Sgemm scaling = new Sgemm(2, 2, 0, 1, none, FloatMatrix.none(2), 0.5f, c, 1);
          assertThat(session.sgemm(scaling).c().floats()).containsExactly(0.5f, 1, 1.5f, 2);
          Sgemm clearing = new Sgemm(2, 2, 0, 1, none, FloatMatrix.none(2), 0, c, 1);
          assertThat(session.sgemm(clearing).c().floats()).containsOnly(0);
        });
  }

  @Test
  default void asynchronousProduct_isTheSame() throws Exception {
    Sgemm input = Sgemm.product(1, 1, 2, new float[] {1, 2}, new float[] {3, 4});
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      assertThat(session.async().sgemm(input).get(60, TimeUnit.SECONDS).c().floats())
          .containsExactly(11);
    }
  }

  @Test
  default void passedDeadline_isReportedOfSgemm() {
    Sgemm input = Sgemm.product(1, 1, 1, new float[] {1}, new float[] {1});
    withSession(
        session ->
            assertThat(
                    failureOf(
                            () ->
                                session.call(
                                    Operations.BLAS_SGEMM, input, PluginContract.tooShort()))
                        .reason())
                .isEqualTo(Reason.DEADLINE_EXCEEDED));
  }

  private static float scalar(
      Session session, float alpha, FloatMatrix a, FloatMatrix b, float beta, FloatMatrix c) {
    return session.sgemm(new Sgemm(1, 1, 1, alpha, a, b, beta, c, 1)).c().floats()[0];
  }

  private void withSession(Consumer<Session> work) {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      work.accept(session);
    }
  }
}
