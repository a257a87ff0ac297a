package io.vaccel.guest;

import io.vaccel.FloatMatrix;
import io.vaccel.Session;
import io.vaccel.Sgemm;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Multiplies matrices of files or of random numbers, and says how fast that was. */
@Command(
    name = "sgemm",
    description = "Multiply matrices: C = alpha A B + beta C.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "A is m x k and B is k x n, out of .npy files of float32 (with a third",
      "dimension before them for several products at once), or of numbers in",
      "[-1, 1) that follow from the seed alone.",
      "The checksum tells whether two places computed the same, bit for bit.",
      "",
      "Examples:",
      "  vaccel-guest sgemm --m 2048 --n 2048 --k 2048",
      "  vaccel-guest sgemm --a a.npy --b b.npy --count 1 --out c.npy"
    })
final class SgemmCommand implements Callable<Integer> {
  /** What files say for themselves. */
  private static final List<String> SIZES = List.of("--m", "--n", "--k", "--batch", "--seed");

  private static final int MAX_ELEMENTS = Integer.MAX_VALUE / Float.BYTES;

  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private final RuntimeOptions runtime;

  @Option(names = "--a", paramLabel = "FILE", description = "A, as a .npy file.")
  private Optional<Path> a = Optional.empty();

  @Option(names = "--b", paramLabel = "FILE", description = "B, as a .npy file.")
  private Optional<Path> b = Optional.empty();

  @Option(
      names = "--c",
      paramLabel = "FILE",
      description = "The old C, as a .npy file (default: zeros).")
  private Optional<Path> c = Optional.empty();

  @Option(names = "--out", paramLabel = "FILE", description = "Write the new C as a .npy file.")
  private Optional<Path> out = Optional.empty();

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
      names = "--beta",
      paramLabel = "X",
      description = "Factor of the old C (default: 1 with --c, else 0).")
  private Optional<Float> beta = Optional.empty();

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
    SgemmReport report =
        new SgemmReport(input, a.isPresent() ? OptionalLong.empty() : OptionalLong.of(seed));
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
      if (out.isPresent()) {
        SgemmFiles.write(out.get(), input, product);
        report.wrote(out.get());
      }
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
    try {
      checkFiles();
      return a.isPresent() ? files() : random();
    } catch (VaccelException e) {
      if (json) {
        Json.printError(e, console.out());
      }
      throw e;
    }
  }

  private void checkFiles() {
    if (a.isPresent() != b.isPresent() || (c.isPresent() && a.isEmpty())) {
      throw new ParameterException(spec.commandLine(), "give both --a and --b; --c goes with them");
    }
    if (beta.isPresent() && c.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "--beta is the factor of --c");
    }
    for (String size : SIZES) {
      if (a.isPresent() && spec.commandLine().getParseResult().hasMatchedOption(size)) {
        throw new ParameterException(spec.commandLine(), size + " is said by the files");
      }
    }
    out.ifPresent(TensorFiles::requireWritable);
  }

  private Sgemm files() {
    return SgemmFiles.read(
        a.orElseThrow(), b.orElseThrow(), c, alpha, beta.orElse(c.isPresent() ? 1f : 0f));
  }

  private Sgemm random() {
    SplittableRandom random = new SplittableRandom(seed);
    FloatMatrix first = random("a", m, k, random);
    FloatMatrix second = random("b", k, n, random);
    return new Sgemm(m, n, k, alpha, first, second, 0, FloatMatrix.none(n), batch);
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
