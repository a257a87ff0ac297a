package io.vaccel.guest;

import io.vaccel.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes sizes and times as people read them. */
final class Figures {
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB"};

  private Figures() {}

  /** For instance {@code 17.8 MiB}. */
  static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    // 1023.95 and more would be printed as 1024.0.
    while (value >= 1023.95 && unit < UNITS.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? bytes + " bytes" : format("%.1f %s", value, UNITS[unit]);
  }

  /** For instance {@code 81 us}, {@code 4.2 ms}, {@code 0.61 s}. */
  static String time(Duration time) {
    double micros = time.toNanos() / 1e3;
    if (micros < 999.5) {
      return format("%.0f us", micros);
    }
    if (micros < 99_950) {
      return format("%.1f ms", micros / 1e3);
    }
    return format("%.2f s", micros / 1e6);
  }

  /** For instance {@code decode 5.1 ms, inference 12.0 ms}; empty when there are none. */
  static String stages(List<Stage> stages) {
    return stages.stream()
        .map(stage -> stage.name() + " " + time(stage.elapsed()))
        .collect(Collectors.joining(", "));
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
