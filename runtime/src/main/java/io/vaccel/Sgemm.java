package io.vaccel;

import java.util.Objects;

/**
 * The input of {@link Operations#BLAS_SGEMM}: {@code C = alpha A B + beta C} for row-major binary32
 * matrices, as in the BLAS; {@code batch} of them at once.
 *
 * <p>The sizes always fit the data: whoever holds a request need not check again, and the result
 * fits into one buffer. As in the BLAS, C is not read when {@code beta} is 0, and A and B are not
 * read when {@code alpha} is 0.
 *
 * @param m rows of A and C; 0 or more
 * @param n columns of B and C; 0 or more
 * @param k columns of A and rows of B; 0 or more
 * @param alpha the factor of the product; not NaN
 * @param a {@code m} rows of {@code k} elements for each product
 * @param b {@code k} rows of {@code n} elements for each product
 * @param beta the factor of the old C; not NaN
 * @param c {@code m} rows of {@code n} elements for each product; may be without data when {@code
 *     beta} is 0, and its leading dimension is then that of the result
 * @param batch how many products; 1 or more
 */
public record Sgemm(
    long m,
    long n,
    long k,
    float alpha,
    FloatMatrix a,
    FloatMatrix b,
    float beta,
    FloatMatrix c,
    long batch) {

  /** Checks that all sizes fit together. */
  public Sgemm {
    notNegative("m", m);
    notNegative("n", n);
    notNegative("k", k);
    number("alpha", alpha);
    number("beta", beta);
    if (batch < 1) {
      throw VaccelException.ofField("batch", "must be 1 or more, got " + batch);
    }
    check("a", Objects.requireNonNull(a, "a"), m, k, batch);
    check("b", Objects.requireNonNull(b, "b"), k, n, batch);
    if (beta == 0 && !Objects.requireNonNull(c, "c").data().hasRemaining()) {
      long bytes = bytes("c", m, n, c.leadingDimension(), batch);
      if (bytes > Integer.MAX_VALUE) {
        throw VaccelException.ofField(
            "c", "would have " + bytes + " bytes, more than one buffer can hold");
      }
    } else {
      check("c", c, m, n, batch);
    }
  }

  /** One product of matrices without gaps. */
  public static Sgemm product(long m, long n, long k, float[] a, float[] b) {
    return new Sgemm(
        m, n, k, 1, FloatMatrix.of(k, a), FloatMatrix.of(n, b), 0, FloatMatrix.none(n), 1);
  }

  /** Bytes of the result, gaps between its rows included. */
  public int resultBytes() {
    return (int) bytes("c", m, n, c.leadingDimension(), batch);
  }

  /**
   * The result of {@link Sgemm}.
   *
   * @param c the new C; gaps between its rows are as in the old C, and zero where there was none
   * @param executedOn where
   */
  public record Product(FloatMatrix c, ExecutedOn executedOn) implements Result {}

  private static void notNegative(String field, long size) {
    if (size < 0) {
      throw VaccelException.ofField(field, "must be 0 or more, got " + size);
    }
  }

  private static void number(String field, float factor) {
    if (Float.isNaN(factor)) {
      throw VaccelException.ofField(field, "is NaN");
    }
  }

  private static void check(String field, FloatMatrix matrix, long rows, long columns, long batch) {
    long expected = bytes(field, rows, columns, matrix.leadingDimension(), batch);
    if (matrix.data().remaining() != expected) {
      throw VaccelException.ofField(
          field,
          "needs "
              + expected
              + " bytes for "
              + (batch == 1 ? "" : batch + " times ")
              + rows
              + " rows of "
              + columns
              + " elements, "
              + matrix.leadingDimension()
              + " apart, got "
              + matrix.data().remaining());
    }
  }

  /** Bytes from the first element to the last. */
  private static long bytes(String field, long rows, long columns, long apart, long batch) {
    if (apart < columns) {
      throw VaccelException.ofField(
          "ld" + field, "must be at least the " + columns + " columns, got " + apart);
    }
    if (rows == 0 || columns == 0) {
      return 0;
    }
    try {
      long before = Math.multiplyExact(Math.multiplyExact(rows, batch) - 1, apart);
      return Math.multiplyExact(Math.addExact(before, columns), (long) Float.BYTES);
    } catch (ArithmeticException e) {
      throw VaccelException.ofField(field, "would have more than 2^63-1 bytes");
    }
  }
}
