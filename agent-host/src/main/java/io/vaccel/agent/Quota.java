package io.vaccel.agent;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much guests may take: a value for every {@link Limit}; immutable.
 *
 * @param values what differs from {@link Limit#standard}; all positive
 */
public record Quota(Map<Limit, Long> values) {
  /** Checks that all values are positive. */
  public Quota {
    values = Map.copyOf(values);
    values.forEach(
        (limit, value) -> {
          if (value <= 0) {
            throw new IllegalArgumentException(limit.label() + " must be positive, got " + value);
          }
        });
  }

  /** Every limit at its default. */
  public static Quota defaults() {
    return new Quota(Map.of());
  }

  /** The same with one limit set. */
  public Quota with(Limit limit, long value) {
    Map<Limit, Long> more = new EnumMap<>(Limit.class);
    more.putAll(values);
    more.put(limit, value);
    return new Quota(more);
  }

  /** The value of a limit, in its unit. */
  public long get(Limit limit) {
    return values.getOrDefault(limit, limit.standard());
  }

  /** The value of a limit that counts things or is a size in memory. */
  int count(Limit limit) {
    return (int) Math.min(Integer.MAX_VALUE, get(limit));
  }

  /** The value of a limit in time. */
  Duration time(Limit limit) {
    return Duration.ofMillis(get(limit));
  }
}
