package io.vaccel.guest;

import io.vaccel.FloatMatrix;
import io.vaccel.Session;
import io.vaccel.Sgemm;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Multiplies matrices of random numbers, and says how fast that was. */
@Command(
    name = "sgemm",
    description = "Multiply matrices of random numbers: C = alpha A B.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "A is m x k and B is k x n, of binary32 numbers in [-1, 1) that follow from the seed alone.",
      "The checksum tells whether two places computed the same, bit for bit."
    })
final class SgemmCommand implements Callable<Integer> {
  private static final int MAX_ELEMENTS = Integer.MAX_VALUE / Float.BYTES;

  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private final RuntimeOptions runtime;

  @Option(
      names = "--m",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Rows of A and C (default: 1024).")
  private int m;

  @Option(
      names = "--n",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Columns of B and C (default: 1024).")
  private int n;

  @Option(
      names = "--k",
      paramLabel = "N",
      defaultValue = "1024",
      description = "Columns of A, rows of B (default: 1024).")
  private int k;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "1",
      description = "Products at once (default: 1).")
  private int batch;

  @Option(
      names = "--alpha",
      paramLabel = "X",
      defaultValue = "1",
      description = "Factor of the product (default: 1).")
  private float alpha;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "What the random numbers follow from (default: 1).")
  private long seed;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often, after one call that is not counted (default: 5).")
  private int count;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  SgemmCommand(Console console, RuntimeOptions runtime) {
    this.console = console;
    this.runtime = runtime;
  }

  @Override
  public Integer call() {
    if (count < 1) {
      throw new ParameterException(spec.commandLine(), "--count must be 1 or more, not " + count);
    }
    Sgemm input = input();
    SgemmReport report = new SgemmReport(input, seed);
    try (Vaccel vaccel = runtime.load();
        Session session = vaccel.openSession()) {
      Sgemm.Product product = session.sgemm(input);
      if (product.executedOn().isLocal()) {
        runtime.doneHere(vaccel.plugins()).ifPresent(console::problem);
      }
      List<Duration> times = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long start = System.nanoTime();
        product = session.sgemm(input);
        times.add(Duration.ofNanos(System.nanoTime() - start));
      }
      report.done(product, times, session.profile());
    } catch (VaccelException e) {
      if (json) {
        report.printError(e, console.out());
      }
      throw e;
    }
    if (json) {
      report.printJson(console.out());
    } else {
      report.printText(console.out());
    }
    return CommandLine.ExitCode.OK;
  }

  private Sgemm input() {
    SplittableRandom random = new SplittableRandom(seed);
    FloatMatrix a = random("a", m, k, random);
    FloatMatrix b = random("b", k, n, random);
    return new Sgemm(m, n, k, alpha, a, b, 0, FloatMatrix.none(n), batch);
  }

  private FloatMatrix random(String name, int rows, int columns, SplittableRandom random) {
    long elements = (long) Math.max(0, rows) * Math.max(0, columns) * Math.max(0, batch);
    if (rows < 0 || columns < 0 || batch < 1 || elements > MAX_ELEMENTS) {
      throw new ParameterException(
          spec.commandLine(),
          "matrix "
              + name
              + " of "
              + batch
              + " x "
              + rows
              + " x "
              + columns
              + ": sizes must be 0 or more, --batch 1 or more, and all of it below 2 GiB");
    }
    float[] values = new float[(int) elements];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextInt(1 << 24) - (1 << 23)) / (1 << 23);
    }
    return FloatMatrix.of(columns, values);
  }
}
