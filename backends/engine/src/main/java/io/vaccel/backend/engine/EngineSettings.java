package io.vaccel.backend.engine;

import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;

/**
 * What an operator can set for every engine: {@code VACCEL_ONNX_THREADS}, {@code
 * VACCEL_ONNX_MAX_OUTPUT_BYTES} and {@code VACCEL_ONNX_MAX_STRING_BYTES} for the one named {@code
 * onnx}.
 *
 * @param threads threads that work on one run of a model; as many as there are processors when not
 *     set
 * @param outputs the most bytes that one run may return; 1 GiB when not set
 * @param stringBytes the most memory that strings among the inputs of all runs under way may take,
 *     each counted with 64 bytes besides its own; 1 GiB when not set
 */
public record EngineSettings(int threads, OutputLimit outputs, long stringBytes) {
  private static final int MAX_THREADS = 1024;
  private static final long DEFAULT_MAX_OUTPUT_BYTES = 1L << 30;
  private static final long DEFAULT_MAX_STRING_BYTES = 1L << 30;

  /**
   * Reads them.
   *
   * @param engine the engine's name within the names of its settings, in capitals
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} naming the setting
   */
  public static EngineSettings of(Settings settings, String engine) {
    return of(settings, engine, Runtime.getRuntime().availableProcessors());
  }

  /** The same for an engine that has its own idea of how many threads are good. */
  public static EngineSettings of(Settings settings, String engine, int threads) {
    return new EngineSettings(
        (int)
            number(settings, name(engine, "THREADS"), Math.min(MAX_THREADS, threads), MAX_THREADS),
        new OutputLimit(
            number(
                settings,
                name(engine, "MAX_OUTPUT_BYTES"),
                DEFAULT_MAX_OUTPUT_BYTES,
                Long.MAX_VALUE)),
        number(
            settings, name(engine, "MAX_STRING_BYTES"), DEFAULT_MAX_STRING_BYTES, Long.MAX_VALUE));
  }

  /**
   * A number of the settings.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when it is none from 1 to {@code max}
   */
  public static long number(Settings settings, String name, long otherwise, long max) {
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

  private static String name(String engine, String setting) {
    return "VACCEL_" + engine + "_" + setting;
  }
}
