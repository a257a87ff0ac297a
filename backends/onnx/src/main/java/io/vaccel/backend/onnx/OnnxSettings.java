package io.vaccel.backend.onnx;

import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;

/**
 * What an operator can set.
 *
 * @param threads threads that work on one run of a model
 * @param maxOutputBytes the most bytes that one run may return
 */
record OnnxSettings(int threads, long maxOutputBytes) {
  /** Threads of each model; as many as there are processors when not set. */
  static final String THREADS = "VACCEL_ONNX_THREADS";

  /** The most bytes of one run's outputs; 1 GiB when not set. */
  static final String MAX_OUTPUT_BYTES = "VACCEL_ONNX_MAX_OUTPUT_BYTES";

  private static final int MAX_THREADS = 1024;
  private static final long DEFAULT_MAX_OUTPUT_BYTES = 1L << 30;

  /**
   * Reads them.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} naming the setting
   */
  static OnnxSettings of(Settings settings) {
    int processors = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    return new OnnxSettings(
        (int) number(settings, THREADS, processors, MAX_THREADS),
        number(settings, MAX_OUTPUT_BYTES, DEFAULT_MAX_OUTPUT_BYTES, Long.MAX_VALUE));
  }

  private static long number(Settings settings, String name, long otherwise, long max) {
    String text = settings.get(name).orElse("" + otherwise);
    try {
      long value = Long.parseLong(text);
      if (value >= 1 && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, together with numbers out of range.
    }
    throw new VaccelException(
        Reason.ARGUMENT_INVALID,
        name + " must be a number from 1 to " + max + ", got '" + text + "'");
  }
}
