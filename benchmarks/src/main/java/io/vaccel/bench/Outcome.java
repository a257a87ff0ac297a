package io.vaccel.bench;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a scenario showed.
 *
 * @param scenario what was measured
 * @param rounds in which each contender had a turn
 * @param rows one for each contender, in the scenario's order
 */
record Outcome(Scenario scenario, int rounds, List<Row> rows) {

  /**
   * What one contender showed.
   *
   * @param way what it went over
   * @param count calls
   * @param p50Nanos half of the calls were at least as fast
   * @param p90Nanos 90 % of them
   * @param p99Nanos 99 % of them
   * @param maxNanos all of them
   * @param cpuNanos processor time of one call, on average, in all processes
   * @param bytesPerSecond payload in and out, at the median
   * @param toRaw against the raw socket of the same kind, where there is one
   * @param toLocal against the same operation in this process, where it performs one
   */
  record Row(
      Way way,
      long count,
      double p50Nanos,
      double p90Nanos,
      double p99Nanos,
      double maxNanos,
      double cpuNanos,
      double bytesPerSecond,
      Optional<Ratio> toRaw,
      Optional<Ratio> toLocal) {}

  static Outcome of(Scenario scenario, int rounds, Map<Way, Samples> samples) {
    List<Row> rows =
        scenario.contenders().stream()
            .map(contender -> row(scenario, contender.way(), samples))
            .toList();
    return new Outcome(scenario, rounds, rows);
  }

  /** The row of this way. */
  Optional<Row> row(Way way) {
    return rows.stream().filter(row -> row.way() == way).findFirst();
  }

  private static Row row(Scenario scenario, Way way, Map<Way, Samples> samples) {
    Samples own = samples.get(way);
    double p50 = own.percentileNanos(50);
    return new Row(
        way,
        own.count(),
        p50,
        own.percentileNanos(90),
        own.percentileNanos(99),
        own.maxNanos(),
        own.cpuNanosPerCall(),
        ((double) scenario.inBytes() + scenario.outBytes()) / p50 * 1e9,
        ratio(own, way.raw(), samples),
        ratio(own, way.local(), samples));
  }

  private static Optional<Ratio> ratio(
      Samples own, Optional<Way> baseline, Map<Way, Samples> samples) {
    return baseline
        .flatMap(way -> Optional.ofNullable(samples.get(way)))
        .map(other -> Ratio.of(own.medians(), other.medians()));
  }
}
