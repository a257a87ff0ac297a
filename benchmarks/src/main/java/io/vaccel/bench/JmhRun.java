package io.vaccel.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The part of the measurement that JMH does: the time of one call in steady state and, above all,
 * the bytes that it allocates, which do not depend on what else the machine does.
 */
final class JmhRun {
  private static final String ALLOCATION = "gc.alloc.rate.norm";

  private JmhRun() {}

  /**
   * What JMH says of one benchmark.
   *
   * @param name class, method and parameters
   * @param nanosPerCall the mean
   * @param errorNanos half of the 99.9 % confidence interval; NaN when there are too few samples
   * @param bytesPerCall allocated by one call, in this process only
   */
  record Result(String name, double nanosPerCall, double errorNanos, double bytesPerCall) {}

  /** Runs all benchmarks in JVMs of their own, one after the other. */
  static List<Result> run(Places places, int seconds) throws RunnerException {
    return run(
        new OptionsBuilder()
            .forks(1)
            .warmupIterations(seconds)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(seconds)
            .measurementTime(TimeValue.seconds(1))
            .jvmArgsAppend(places.jvmFlags().toArray(String[]::new)));
  }

  /** Runs all benchmarks with these options. */
  static List<Result> run(ChainedOptionsBuilder options) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                options
                    .include(JmhRun.class.getPackageName() + "\\..*Benchmark\\..*")
                    .addProfiler(GCProfiler.class)
                    .shouldFailOnError(true)
                    .verbosity(VerboseMode.SILENT)
                    .build())
            .run();
    List<Result> rows = new ArrayList<>();
    for (RunResult result : results) {
      rows.add(row(result));
    }
    rows.sort(Comparator.comparing(Result::name));
    return rows;
  }

  private static Result row(RunResult result) {
    var params = result.getParams();
    StringBuilder name = new StringBuilder(params.getBenchmark());
    name.delete(0, JmhRun.class.getPackageName().length() + 1);
    for (String key : params.getParamsKeys()) {
      name.append(' ').append(key).append('=').append(params.getParam(key));
    }
    double allocated = result.getSecondaryResults().get(ALLOCATION).getScore();
    return new Result(
        name.toString(),
        result.getPrimaryResult().getScore(),
        result.getPrimaryResult().getScoreError(),
        allocated);
  }

  /** The results as a table for people. */
  static String table(List<Result> results) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "JMH: one call in steady state, mean; allocation of this process only%n"
                + "  %-44s %12s %12s %14s%n",
            "benchmark",
            "ns",
            "+-",
            "bytes a call"));
    for (Result result : results) {
      text.append(
          String.format(
              Locale.ROOT,
              "  %-44s %12.0f %12.0f %14.0f%n",
              result.name(),
              result.nanosPerCall(),
              result.errorNanos(),
              result.bytesPerCall()));
    }
    return text.toString();
  }
}
