package io.vaccel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Named configuration values, by default the environment; immutable.
 *
 * @param values names such as {@code VACCEL_RPC_ADDRESS} and what they are set to
 */
public record Settings(Map<String, String> values) {
  private static final Set<String> ON = Set.of("1", "true", "yes", "on");

  /**
   * Names of the plugins to use, in order, separated by {@code :}; all on the class path when not
   * set.
   */
  public static final String PLUGINS = "VACCEL_PLUGINS";

  /** The agent's endpoint, for instance {@code vsock:2:2048}. */
  public static final String RPC_ADDRESS = "VACCEL_RPC_ADDRESS";

  /** {@code 1} or {@code true}: sessions measure their work, see {@link Session#profile}. */
  public static final String PROFILING = "VACCEL_PROFILING_ENABLED";

  /** Copies the map. */
  public Settings {
    values = Map.copyOf(values);
  }

  /** The environment of this process. */
  public static Settings ofEnvironment() {
    return new Settings(System.getenv());
  }

  /** The value, unless it is missing or blank. */
  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  /** The parts of a {@code :}-separated value; empty when it is missing. */
  public List<String> list(String name) {
    return get(name)
        .map(
            value ->
                Arrays.stream(value.split(":"))
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .toList())
        .orElse(List.of());
  }

  /** Whether the value is {@code 1}, {@code true}, {@code yes} or {@code on}. */
  public boolean isOn(String name) {
    return get(name).filter(value -> ON.contains(value.toLowerCase(Locale.ROOT))).isPresent();
  }

  /**
   * The value as a number from {@code least} to {@code most}, or {@code otherwise} when it is
   * missing.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} naming the setting
   */
  public long number(String name, long otherwise, long least, long most) {
    String text = get(name).orElse(Long.toString(otherwise));
    try {
      long value = Long.parseLong(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Said below, together with numbers out of range.
    }
    throw new VaccelException(
        Reason.ARGUMENT_INVALID,
        name + " must be a number from " + least + " to " + most + ", got '" + text + "'");
  }

  /** The same with one value set. */
  public Settings with(String name, String value) {
    Map<String, String> more = new HashMap<>(values);
    more.put(name, value);
    return new Settings(more);
  }
}
