package io.vaccel.backend.blas;

import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;

/**
 * What an operator can set.
 *
 * @param openBlas file name or path of OpenBLAS, or {@link #NO_LIBRARY}
 * @param threads threads of OpenBLAS, for all calls together
 * @param maxResultBytes the most bytes that one call may return
 */
record BlasSettings(String openBlas, int threads, long maxResultBytes) {
  /** OpenBLAS; {@code none} for plain Java. */
  static final String LIBRARY = "VACCEL_BLAS_LIBRARY";

  /** Threads of OpenBLAS; as many as there are processors when not set. */
  static final String THREADS = "VACCEL_BLAS_THREADS";

  /** The most bytes of one result; 1 GiB when not set. */
  static final String MAX_RESULT_BYTES = "VACCEL_BLAS_MAX_RESULT_BYTES";

  /** The value of {@link #LIBRARY} that means plain Java. */
  static final String NO_LIBRARY = "none";

  private static final String DEFAULT_LIBRARY = "libopenblas.so.0";
  private static final int MAX_THREADS = 1024;

  /**
   * Reads them.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} naming the setting
   */
  static BlasSettings of(Settings settings) {
    int processors = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    return new BlasSettings(
        settings.get(LIBRARY).orElse(DEFAULT_LIBRARY),
        (int) settings.number(THREADS, processors, 1, MAX_THREADS),
        settings.number(MAX_RESULT_BYTES, 1L << 30, 1, Integer.MAX_VALUE));
  }
}
