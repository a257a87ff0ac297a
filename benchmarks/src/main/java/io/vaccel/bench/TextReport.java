package io.vaccel.bench;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The figures as tables for people. */
final class TextReport {
  private static final String BUSY =
      """

      WARNING  This machine is busy with something else. Whatever needs several threads, gRPC above all, waits longer for a core
               than a raw socket does, and is compiled later: even the ratios are worse than they would be on a calm machine.
      """;

  /** From here on a ratio only says that one of the two does nothing. */
  private static final int MEANINGLESS = 10_000;

  private TextReport() {}

  /** What the figures were measured on, and what they are not. */
  static String machine(Machine machine) {
    return String.format(
        Locale.ROOT,
        """
        machine  %s, %d cores, %d MiB, load average %.2f at the start
                 %s; %s

        Read the ratios, not the times: this machine is shared, and its speed changes from minute to minute. The contenders of a
        table took turns, so a ratio compares what ran within the same second; in brackets, the quartiles over all rounds.
        One call at a time, each after the one before: no queueing, no parallel callers. Client and servers share the cores.
        %s""",
        machine.cpu(),
        machine.cores(),
        machine.memoryMiB(),
        machine.loadAverage(),
        machine.kernel(),
        machine.jdk(),
        machine.isBusy() ? BUSY : "");
  }

  /** The table of one scenario. */
  static String table(Outcome outcome) {
    Scenario scenario = outcome.scenario();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%s (%d bytes in, %d out; %d rounds)%n",
            scenario.title(),
            scenario.inBytes(),
            scenario.outBytes(),
            outcome.rounds()));
    text.append(line("", "calls", "p50", "p90", "p99", "CPU", "GB/s", "x raw socket", "x local"));
    for (Outcome.Row row : outcome.rows()) {
      text.append(
          line(
              row.way().title(),
              Long.toString(row.count()),
              time(row.p50Nanos()),
              time(row.p90Nanos()),
              time(row.p99Nanos()),
              time(row.cpuNanos()),
              moves(scenario, row.way()) ? threeDigits(row.bytesPerSecond() / 1e9) : "-",
              ratio(row.toRaw()),
              ratio(row.toLocal())));
    }
    return text.toString();
  }

  /** A rate says nothing about a few bytes, and nothing where no byte moves. */
  private static boolean moves(Scenario scenario, Way way) {
    return way != Way.LOCAL && scenario.inBytes() + (long) scenario.outBytes() >= 64 << 10;
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "  %-16s %8s %9s %9s %9s %9s %7s  %-19s %s", (Object[]) cells)
            .stripTrailing()
        + System.lineSeparator();
  }

  private static String ratio(Optional<Ratio> ratio) {
    return ratio
        .map(
            r ->
                r.median() >= MEANINGLESS
                    ? "over " + MEANINGLESS
                    : threeDigits(r.median())
                        + " ("
                        + threeDigits(r.lower())
                        + "-"
                        + threeDigits(r.upper())
                        + ")")
        .orElse("-");
  }

  private static String time(double nanos) {
    return nanos < 1e6 ? threeDigits(nanos / 1e3) + "us" : threeDigits(nanos / 1e6) + "ms";
  }

  /** Three significant digits, never an exponent: 0.123, 1.23, 12.3, 123, 1234. */
  static String threeDigits(double value) {
    int decimals = 0;
    for (double limit : List.of(100.0, 10.0, 1.0)) {
      if (Math.abs(value) < limit) {
        decimals++;
      }
    }
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }
}
