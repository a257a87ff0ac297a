package io.vaccel;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Measures the regions of one session in bounded memory; does nothing when profiling is off. Safe
 * for use by several threads.
 */
final class Profiler {
  private final boolean enabled;
  private final long originNanos = System.nanoTime();
  private final Map<String, Measured> regions = new LinkedHashMap<>();

  private static final class Measured {
    private final Deque<Profile.Sample> samples = new ArrayDeque<>();
    private long count;
    private Duration total = Duration.ZERO;
  }

  Profiler(boolean enabled) {
    this.enabled = enabled;
  }

  boolean isEnabled() {
    return enabled;
  }

  /** The time now, to be given to {@link #measured} later. */
  long start() {
    return enabled ? System.nanoTime() : 0;
  }

  <O extends Result> O measure(Operation<?, O> operation, Supplier<O> work) {
    long start = start();
    O result = work.get();
    measured(operation, start, result);
    return result;
  }

  /** A call that started then has ended with this result. */
  void measured(Operation<?, ?> operation, long startNanos, Result result) {
    if (!enabled) {
      return;
    }
    Duration start = Duration.ofNanos(startNanos - originNanos);
    add(operation.name(), start, Duration.ofNanos(System.nanoTime() - startNanos));
    for (Stage stage : result.executedOn().stages()) {
      add(operation.name() + "/" + stage.name(), start, stage.elapsed());
    }
  }

  /** A region of the application's own. */
  void measured(String name, long startNanos) {
    if (enabled) {
      Duration start = Duration.ofNanos(startNanos - originNanos);
      add(name, start, Duration.ofNanos(System.nanoTime() - startNanos));
    }
  }

  synchronized List<Profile.Region> regions() {
    return regions.entrySet().stream()
        .map(
            entry ->
                new Profile.Region(
                    entry.getKey(),
                    List.of(),
                    entry.getValue().count,
                    entry.getValue().total,
                    List.copyOf(entry.getValue().samples)))
        .toList();
  }

  private synchronized void add(String name, Duration start, Duration elapsed) {
    if (regions.size() >= Profile.MAX_REGIONS && !regions.containsKey(name)) {
      return;
    }
    Measured region = regions.computeIfAbsent(name, key -> new Measured());
    region.count++;
    region.total = region.total.plus(elapsed);
    if (region.samples.size() >= Profile.MAX_SAMPLES) {
      region.samples.removeFirst();
    }
    region.samples.addLast(new Profile.Sample(start, elapsed));
  }
}
