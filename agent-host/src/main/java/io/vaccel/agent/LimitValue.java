package io.vaccel.agent;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The text form of a limit's value: {@code 64}, {@code 512M}, {@code 90s}. */
final class LimitValue {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})([a-z]*)");
  private static final Map<String, Long> COUNTS = Map.of("", 1L);
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "k", 1L << 10, "m", 1L << 20, "g", 1L << 30, "t", 1L << 40);
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L);

  private LimitValue() {}

  /**
   * The value in the limit's unit.
   *
   * @throws IllegalArgumentException saying what the form is
   */
  static long parse(Limit limit, String text) {
    return number(limit.label(), limit.unit(), text);
  }

  private static long number(String label, Limit.Unit unit, String text) {
    Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
    Map<String, Long> units = units(unit);
    if (!form.matches() || !units.containsKey(form.group(2))) {
      throw new IllegalArgumentException(label + " is '" + text + "', but must be " + form(unit));
    }
    try {
      long value = Math.multiplyExact(Long.parseLong(form.group(1)), units.get(form.group(2)));
      if (value > 0) {
        return value;
      }
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(label + " is too large: " + text, e);
    }
    throw new IllegalArgumentException(label + " must be positive");
  }

  /**
   * The limit with this label.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Limit limit(String label) {
    return Limit.labelled(label)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no limit is named '" + label + "'; 'vaccel-agent limits' lists them"));
  }

  /** A number of things that fits an int. */
  static int count(String text) {
    return toInt(number("the value", Limit.Unit.COUNT, text));
  }

  /** A number of bytes that fits an int: {@code 4096}, {@code 512K}. */
  static int bytes(String text) {
    return toInt(number("the value", Limit.Unit.BYTES, text));
  }

  /** A time: {@code 500ms}, {@code 10s}. */
  static Duration time(String text) {
    return Duration.ofMillis(number("the value", Limit.Unit.MILLIS, text));
  }

  private static int toInt(long value) {
    if (value > Integer.MAX_VALUE) {
      throw new IllegalArgumentException("the value is too large: at most " + Integer.MAX_VALUE);
    }
    return (int) value;
  }

  /** The value as a person would write it. */
  static String format(Limit limit, long value) {
    return switch (limit.unit()) {
      case COUNT -> Long.toString(value);
      case BYTES -> largest(value, Map.of("G", 1L << 30, "M", 1L << 20, "K", 1L << 10));
      case MILLIS -> largest(value, Map.of("h", 3_600_000L, "m", 60_000L, "s", 1_000L, "ms", 1L));
    };
  }

  private static String largest(long value, Map<String, Long> units) {
    return units.entrySet().stream()
        .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
        .filter(unit -> value % unit.getValue() == 0)
        .findFirst()
        .map(unit -> value / unit.getValue() + unit.getKey())
        .orElseGet(() -> Long.toString(value));
  }

  private static Map<String, Long> units(Limit.Unit unit) {
    return switch (unit) {
      case COUNT -> COUNTS;
      case BYTES -> BYTES;
      case MILLIS -> MILLIS;
    };
  }

  private static String form(Limit.Unit unit) {
    return switch (unit) {
      case COUNT -> "a number";
      case BYTES -> "bytes, such as 4096, 512K, 64M, 2G";
      case MILLIS -> "a time, such as 500ms, 90s, 10m, 24h";
    };
  }
}
