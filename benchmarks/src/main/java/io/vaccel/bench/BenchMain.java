package io.vaccel.bench;

import io.vaccel.VaccelException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program {@code bench}: starts the servers, measures, and prints tables. */
@Command(
    name = "bench",
    usageHelpWidth = 120,
    mixinStandardHelpOptions = true,
    version = "vaccel bench 0.1.0",
    description = {
      "Measures what the layers cost: noop, echo of tensors, and the classification of a photograph,",
      "each in this process, over gRPC to an agent (Unix socket, TCP), and, with the same number of",
      "bytes, over raw blocking sockets. The contenders take turns; results are ratios.",
      ""
    })
public final class BenchMain implements Callable<Integer> {
  @Option(
      names = "--quick",
      description = "A minute and a half at most and without JMH, instead of six minutes or so.")
  private boolean quick;

  @Option(names = "--smoke", hidden = true, description = "Each call twice; for tests.")
  private boolean smoke;

  @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there as well.")
  private Optional<Path> json;

  @Option(
      names = "--only",
      paramLabel = "PART",
      description = "Only one part: noop, bulk, sgemm or classify.")
  private Optional<Suite.Part> only;

  @Option(
      names = "--agent",
      paramLabel = "PROGRAM",
      required = true,
      hidden = true,
      description = "The program vaccel-agent to start; the script says where it is.")
  private Path agent;

  @Option(
      names = "--samples",
      paramLabel = "DIRECTORY",
      required = true,
      hidden = true,
      description = "Where models and photographs are; the script says where.")
  private Path samples;

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  private BenchMain() {}

  /** Runs the program. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  /** The same, returning the exit code: 0, 1 when something fails, 2 for wrong usage. */
  static int run(String... args) {
    return new CommandLine(new BenchMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler(BenchMain::tell)
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .execute(args);
  }

  @Override
  public Integer call() throws Exception {
    Machine machine = Machine.here();
    out.println(TextReport.machine(machine));
    // A short path: that of a Unix socket has at most 107 bytes.
    Path directory = Files.createTempDirectory("vaccel-bench");
    try (RawServerProcess raw = RawServerProcess.start(directory);
        AgentProcess running = AgentProcess.start(agent, directory)) {
      Places places = new Places(running.unix(), running.tcp(), directory.resolve("in-process"));
      CpuClock cpu =
          new CpuClock(
              List.of(ProcessHandle.current(), running.process().handle(), raw.process().handle()));
      List<Outcome> outcomes = drive(places, raw, new Rounds(System::nanoTime, cpu));
      List<JmhRun.Result> jmh = runsJmh() ? jmh(places) : List.of();
      if (json.isPresent()) {
        Files.writeString(json.get(), JsonReport.of(machine, length(), outcomes, jmh));
      }
    } finally {
      delete(directory);
    }
    return 0;
  }

  private List<Outcome> drive(Places places, RawServerProcess raw, Rounds rounds) throws Exception {
    List<Outcome> outcomes = new ArrayList<>();
    List<Suite.Entry> entries = new Suite(samples, length()).entries(only);
    try (Sessions sessions = Sessions.open(places)) {
      for (Suite.Entry entry : entries) {
        System.err.printf(
            "[%d of %d] %s: about %d s%n",
            outcomes.size() + 1,
            entries.size(),
            entry.title(),
            entry.plan().warmup().plus(entry.plan().measured()).toSeconds());
        // One at a time, so that the data of one does not take memory from the next.
        try (Scenarios scenarios = new Scenarios(sessions.byWay(), raw)) {
          Outcome outcome = rounds.measure(entry.maker().make(scenarios), entry.plan());
          outcomes.add(outcome);
          out.println(TextReport.table(outcome));
        }
      }
    }
    return outcomes;
  }

  private Suite.Length length() {
    if (smoke) {
      return Suite.Length.SMOKE;
    }
    return quick ? Suite.Length.QUICK : Suite.Length.FULL;
  }

  /** JMH is for what is small; the driver has measured the rest. */
  private boolean runsJmh() {
    return length() == Suite.Length.FULL && only.map(part -> part == Suite.Part.NOOP).orElse(true);
  }

  private List<JmhRun.Result> jmh(Places places) throws Exception {
    System.err.println("[JMH] about 90 s");
    List<JmhRun.Result> results = JmhRun.run(places, 5);
    out.println(JmhRun.table(results));
    return results;
  }

  private static int tell(Exception failure, CommandLine program, CommandLine.ParseResult parsed) {
    program.getErr().println("bench: " + failure.getMessage());
    if (!(failure instanceof IOException || failure instanceof VaccelException)) {
      failure.printStackTrace(program.getErr());
    }
    return 1;
  }

  private static void delete(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
