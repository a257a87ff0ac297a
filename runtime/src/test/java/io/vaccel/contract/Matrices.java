package io.vaccel.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vaccel.FloatMatrix;
import io.vaccel.Sgemm;
import java.util.Random;

/** Matrices for tests, and the products that they must have. */
public final class Matrices {
  private static final double UNIT_ROUNDOFF = Math.pow(2, -24);

  private Matrices() {}

  /** Numbers in [-1, 1), gaps between the rows included. */
  public static FloatMatrix random(
      Random random, int rows, int columns, long leadingDimension, int batch) {
    float[] values =
        new float[Math.toIntExact(((long) rows * batch - 1) * leadingDimension) + columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return FloatMatrix.of(leadingDimension, values);
  }

  /** Asserts that {@code actual} is what {@code input} asks for, within the bound of binary32. */
  public static void assertProduct(Sgemm input, FloatMatrix actual) {
    float[] a = input.a().floats();
    float[] b = input.b().floats();
    float[] before =
        input.c().data().hasRemaining()
            ? input.c().floats()
            : new float[input.resultBytes() / Float.BYTES];
    float[] after = actual.floats();
    assertThat(actual.leadingDimension()).isEqualTo(input.c().leadingDimension());
    assertThat(after).hasSameSizeAs(before);
    boolean[] written = new boolean[after.length];
    for (long row = 0; row < input.m() * input.batch(); row++) {
      long matrix = row / input.m();
      for (int column = 0; column < input.n(); column++) {
        double sum = 0;
        double magnitude = 0;
        for (int i = 0; i < input.k(); i++) {
          double term =
              (double) a[(int) (row * input.a().leadingDimension() + i)]
                  * b[(int) ((matrix * input.k() + i) * input.b().leadingDimension() + column)];
          sum += term;
          magnitude += Math.abs(term);
        }
        int at = (int) (row * input.c().leadingDimension() + column);
        written[at] = true;
        double old = input.beta() == 0 ? 0 : (double) input.beta() * before[at];
        double expected = input.alpha() * sum + old;
        double bound =
            (input.k() + 2) * UNIT_ROUNDOFF * (Math.abs(input.alpha()) * magnitude + Math.abs(old));
        if (!(Math.abs(after[at] - expected) <= bound)) {
          assertThat((double) after[at])
              .as("row %d, column %d", row, column)
              .isCloseTo(expected, within(bound));
        }
      }
    }
    for (int i = 0; i < after.length; i++) {
      if (!written[i] && after[i] != before[i]) {
        assertThat(after[i]).as("the gap at element %d", i).isEqualTo(before[i]);
      }
    }
  }
}
