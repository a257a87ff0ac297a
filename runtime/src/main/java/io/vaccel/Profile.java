package io.vaccel;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

/**
 * How long the parts of a session's work took, here and at the agents that it uses; empty where
 * profiling is off (see {@link Settings#PROFILING}).
 *
 * <p>A region named like an operation holds one sample for each call of it at that place; {@code
 * OPERATION/STAGE} one for each stage of its results. The others are the application's own.
 *
 * @param regions by place, nearest first, in the order in which they were first measured
 * @param executedOn where the farthest of them were read
 */
public record Profile(List<Region> regions, ExecutedOn executedOn) implements Result {
  /** The most regions that are kept at one place; later ones are not measured. */
  public static final int MAX_REGIONS = 128;

  /** The most samples that are kept of one region: the last ones. */
  public static final int MAX_SAMPLES = 256;

  /** Copies the list. */
  public Profile {
    regions = List.copyOf(regions);
  }

  /**
   * One part of the work.
   *
   * @param name for instance {@code image.classify} or {@code image.classify/decode}
   * @param path the agents between the reader and the place where it was measured, nearest first;
   *     empty when it was measured here
   * @param count how often it was measured
   * @param total the time of all of them together
   * @param samples the last {@link #MAX_SAMPLES} of them, in the order in which they ended
   */
  public record Region(
      String name, List<String> path, long count, Duration total, List<Sample> samples) {
    /** Copies the lists. */
    public Region {
      path = List.copyOf(path);
      samples = List.copyOf(samples);
    }

    /** The median of the samples that are kept; zero when there are none. */
    public Duration median() {
      LongStream sorted = samples.stream().mapToLong(sample -> sample.elapsed().toNanos()).sorted();
      return Duration.ofNanos(sorted.skip(samples.size() / 2).findFirst().orElse(0));
    }
  }

  /**
   * One measurement.
   *
   * @param start when it began, from the beginning of the session at the place of the region; the
   *     start of a stage is that of its call
   * @param elapsed how long it took
   */
  public record Sample(Duration start, Duration elapsed) {}
}
