package io.vaccel.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which scenarios are measured, and how long: everything that a run consists of. */
final class Suite {
  /**
   * What {@code --only} chooses from, in the order of measuring: long calls notice least that the
   * code of a new agent is not compiled yet, and have it compiled for the short ones.
   */
  enum Part {
    BULK,
    SGEMM,
    CLASSIFY,
    NOOP
  }

  /** How long a run takes. */
  enum Length {
    /** Each call twice, to see that everything works; the figures mean nothing. */
    SMOKE(0, 1),
    /** A minute or so. */
    QUICK(1, 3),
    /** Several minutes. */
    FULL(4, 3);

    private final int scale;
    private final int minRounds;

    Length(int scale, int minRounds) {
      this.scale = scale;
      this.minRounds = minRounds;
    }

    private Plan plan(int warmupSeconds, int seconds, int sliceMillis) {
      return new Plan(
          Duration.ofSeconds((long) scale * warmupSeconds),
          Duration.ofSeconds((long) scale * seconds),
          Duration.ofMillis((long) Math.min(scale, 1) * sliceMillis),
          // However slow the machine is: a ratio needs some rounds.
          minRounds);
    }
  }

  private static final List<Integer> BULK_BYTES = List.of(64 << 20, 16 << 20, 1 << 20, 64 << 10);

  /** 1 MiB for each matrix, and some milliseconds of work. */
  private static final int SGEMM_SIDE = 512;

  /**
   * One scenario that is still to be made, because its data takes memory.
   *
   * @param title for the progress
   * @param maker makes it
   * @param plan how long to measure it
   */
  record Entry(String title, Maker maker, Plan plan) {}

  /** Makes a scenario. */
  @FunctionalInterface
  interface Maker {
    Scenario make(Scenarios scenarios) throws IOException;
  }

  private final Path samples;
  private final Length length;

  /** The suite with these samples. */
  Suite(Path samples, Length length) {
    this.samples = samples;
    this.length = length;
  }

  /** The scenarios in the order in which they are measured; all unless one part is wanted. */
  List<Entry> entries(Optional<Part> only) {
    List<Entry> entries = new ArrayList<>();
    for (Part part : Part.values()) {
      if (only.isEmpty() || only.get() == part) {
        entries.addAll(entries(part));
      }
    }
    return entries;
  }

  private List<Entry> entries(Part part) {
    return switch (part) {
      case NOOP -> List.of(new Entry("noop", Scenarios::noop, length.plan(6, 6, 100)));
      case BULK -> BULK_BYTES.stream().map(this::bulk).toList();
      case SGEMM ->
          List.of(
              new Entry("sgemm", scenarios -> scenarios.sgemm(SGEMM_SIDE), length.plan(2, 4, 50)));
      case CLASSIFY ->
          List.of(
              new Entry(
                  "classify",
                  scenarios ->
                      scenarios.classify(
                          samples.resolve("models/efficientnet-lite0.onnx"),
                          samples.resolve("photos/coffee.jpg"),
                          "espresso"),
                  length.plan(5, 6, 100)));
    };
  }

  private Entry bulk(int bytes) {
    String title = "bulk of " + (bytes >> 10) + " KiB";
    // Large ones take longer, so that they too have some rounds.
    Plan plan = bytes < 16 << 20 ? length.plan(2, 4, 50) : length.plan(2, 7, 50);
    return new Entry(title, scenarios -> scenarios.bulk(bytes), plan);
  }
}
