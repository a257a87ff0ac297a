package io.vaccel;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Whatever sizes are claimed: a request is made only when they fit the data, to the byte. */
final class SgemmTest {
  private static final FloatMatrix ONE = FloatMatrix.of(1, 1);

  /** Sizes as a caller may claim them: small, and around each boundary of an integer type. */
  @Provide
  Arbitrary<Long> sizes() {
    return Arbitraries.oneOf(
        Arbitraries.longs().between(-1, 5),
        Arbitraries.of(1L << 29, 1L << 31, 1L << 32, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE)
            .flatMap(edge -> Arbitraries.longs().between(-2, 2).map(near -> edge + near)));
  }

  @Property(tries = 2000)
  void sizesThatDoNotFitTheData_areRefusedByName(
      @ForAll("sizes") long m,
      @ForAll("sizes") long n,
      @ForAll("sizes") long k,
      @ForAll("sizes") long lda,
      @ForAll("sizes") long ldb,
      @ForAll("sizes") long ldc,
      @ForAll("sizes") long batch) {
    boolean sound = m >= 0 && n >= 0 && k >= 0 && batch >= 1 && lda >= k && ldb >= n && ldc >= n;
    long a = sound ? bytes(m, k, lda, batch) : 4;
    long b = sound ? bytes(k, n, ldb, batch) : 4;
    long c = sound ? bytes(m, n, ldc, batch) : 4;
    boolean fits =
        sound && a >= 0 && a < 4096 && b >= 0 && b < 4096 && c >= 0 && c <= Integer.MAX_VALUE;
    FloatMatrix first = matrix(fits ? a : 4, lda);
    FloatMatrix second = matrix(fits ? b : 4, ldb);
    FloatMatrix none = FloatMatrix.none(ldc);
    if (fits) {
      Sgemm made = new Sgemm(m, n, k, 1, first, second, 0, none, batch);
      assertThat(made.resultBytes()).isEqualTo(c);
      if (a > 0) {
        FloatMatrix shorter = matrix(a - 1, lda);
        refused("a", () -> new Sgemm(m, n, k, 1, shorter, second, 0, none, batch));
      }
      FloatMatrix longer = matrix(b + 4, ldb);
      refused("b", () -> new Sgemm(m, n, k, 1, first, longer, 0, none, batch));
      if (c > 4) {
        refused("c", () -> new Sgemm(m, n, k, 1, first, second, 0, matrix(4, ldc), batch));
        refused("c", () -> new Sgemm(m, n, k, 1, first, second, 1, none, batch));
      }
    } else if (!(sound && a == 4 && b == 4 && c >= 0 && c <= Integer.MAX_VALUE)) {
      assertRefusedByOneOf(
          List.of("m", "n", "k", "lda", "ldb", "ldc", "a", "b", "c", "batch"),
          () -> new Sgemm(m, n, k, 1, first, second, 0, none, batch));
    }
  }

  @Test
  void eachSize_isNamed() {
    refused("m", () -> sgemm(-1, 1, 1, 1, 1, 1, 1));
    refused("n", () -> sgemm(1, -1, 1, 1, 1, 1, 1));
    refused("k", () -> sgemm(1, 1, Long.MIN_VALUE, 1, 1, 1, 1));
    refused("lda", () -> sgemm(1, 1, 1, 0, 1, 1, 1));
    refused("ldb", () -> sgemm(1, 1, 1, 1, 0, 1, 1));
    refused("ldc", () -> sgemm(1, 1, 1, 1, 1, -1, 1));
    refused("batch", () -> sgemm(1, 1, 1, 1, 1, 1, 0));
    refused("a", () -> sgemm(1000, 1000, 1000, 1000, 1000, 1000, 1));
    refused("b", () -> sgemm(1, 1000, 1, 1, 1000, 1000, 1));
    refused("c", () -> sgemm(1, 1, 1, 1, 1, 1, 1, 1));
  }

  @Test
  void productsThatOverflow_areRefused() {
    long half = 1L << 32;
    refused("a", () -> sgemm(half, 1, 1, half, 1, 1, 1));
    refused("a", () -> sgemm(half, 1, 1, 1, 1, 1, half));
    // 2^62 elements times 4 bytes are 0 in 64 bits.
    refused("a", () -> sgemm(1L << 31, 1, 1, 1L << 31, 1, 1, 1));
  }

  @Test
  void resultLargerThanABuffer_isRefusedThoughItsFactorsAreSmall() {
    int size = 1 << 15;
    FloatMatrix column = matrix(4L * size, 1);
    FloatMatrix row = matrix(4L * size, size);

    VaccelException failure =
        failureOf(() -> new Sgemm(size, size, 1, 1, column, row, 0, FloatMatrix.none(size), 1));

    assertThat(failure.details()).containsEntry("field", "c");
    assertThat(failure).hasMessageContaining("4294967296 bytes");
  }

  @Test
  void factorsThatAreNoNumbers_areRefused() {
    refused("alpha", () -> new Sgemm(1, 1, 1, Float.NaN, ONE, ONE, 0, ONE, 1));
    refused("beta", () -> new Sgemm(1, 1, 1, 1, ONE, ONE, Float.NaN, ONE, 1));
  }

  @Test
  void lastRow_mayEndAfterItsLastColumn() {
    FloatMatrix a = FloatMatrix.of(4, 1, 2, 0, 0, 3, 4);
    Sgemm made = new Sgemm(2, 1, 2, 1, a, FloatMatrix.of(1, 5, 6), 0, FloatMatrix.none(3), 1);

    assertThat(made.resultBytes()).isEqualTo(4 * Float.BYTES);
  }

  private static Sgemm sgemm(long m, long n, long k, long lda, long ldb, long ldc, long batch) {
    return sgemm(m, n, k, lda, ldb, ldc, batch, 0);
  }

  private static Sgemm sgemm(
      long m, long n, long k, long lda, long ldb, long ldc, long batch, float beta) {
    return new Sgemm(
        m, n, k, 1, matrix(4, lda), matrix(4, ldb), beta, FloatMatrix.none(ldc), batch);
  }

  private static FloatMatrix matrix(long bytes, long leadingDimension) {
    return new FloatMatrix(ByteBuffer.allocate((int) bytes), leadingDimension);
  }

  /** What the layout needs, counted without a limit; -1 when it exceeds 63 bits. */
  private static long bytes(long rows, long columns, long apart, long batch) {
    if (rows == 0 || columns == 0) {
      return 0;
    }
    BigInteger all =
        BigInteger.valueOf(rows)
            .multiply(BigInteger.valueOf(batch))
            .subtract(BigInteger.ONE)
            .multiply(BigInteger.valueOf(apart))
            .add(BigInteger.valueOf(columns))
            .shiftLeft(2);
    return all.bitLength() < 64 ? all.longValueExact() : -1;
  }

  private static void refused(String field, ThrowingCallable making) {
    assertRefusedByOneOf(List.of(field), making);
  }

  private static void assertRefusedByOneOf(List<String> fields, ThrowingCallable making) {
    VaccelException failure = failureOf(making);
    assertThat(failure.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(failure.details().get("field")).isIn(fields);
    assertThat(failure.text()).startsWith(failure.details().get("field") + " ");
  }
}
