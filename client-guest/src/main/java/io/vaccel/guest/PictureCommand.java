package io.vaccel.guest;

import io.vaccel.CallOptions;
import io.vaccel.Image;
import io.vaccel.ImageInput;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Reason;
import io.vaccel.Result;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * One model on several pictures: what all operations on pictures have in common on the command
 * line.
 *
 * @param <I> the operation's input
 * @param <R> its result
 */
@Command(
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "The model is sent to the agent unless the agent has it already, and loaded once for all",
      "images. The files beside it that go with it (net.json, net.labels.txt) are sent as well.",
      "An image that cannot be used is reported, and the others are still done; the exit code is",
      "then 1. After one for which the agent cannot be reached any more, the rest are left out."
    })
abstract class PictureCommand<I extends ImageInput, R extends Result> implements Callable<Integer> {
  private final Operation<I, R> operation;
  private final Findings<R> findings;
  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private final RuntimeOptions runtime;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      description = "The model, with its metadata beside it.")
  private Path model;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "JPEG, PNG or BMP files.")
  private List<Path> images;

  PictureCommand(
      Operation<I, R> operation, Findings<R> findings, Console console, RuntimeOptions runtime) {
    this.operation = operation;
    this.findings = findings;
    this.console = console;
    this.runtime = runtime;
  }

  /** Refuses options that can never be used, with {@link #wrongUsage}. */
  abstract void check(List<Path> allImages);

  /** The call for one picture. */
  abstract I input(Model loaded, Image image);

  /** Writes the files that are wanted of a result. */
  abstract List<WrittenFile> write(Path image, R result);

  ParameterException wrongUsage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }

  @Override
  public final Integer call() {
    check(images);
    PictureReport<R> report =
        json
            ? new PictureJson<>(findings, console.out())
            : new PictureText<>(findings, console.out(), console.screen());
    try {
      return doAll(report) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } catch (VaccelException e) {
      report.failed(model, e);
      throw e;
    } finally {
      report.end();
    }
  }

  private boolean doAll(PictureReport<R> report) {
    ModelSpec files = ModelSpec.at(model);
    try (Vaccel vaccel = runtime.load();
        Session session = vaccel.openSession();
        Model loaded = load(session, files, vaccel, report)) {
      boolean all = true;
      for (int i = 0; i < images.size(); i++) {
        Optional<VaccelException> failure = doOne(session, loaded, images.get(i), report);
        all &= failure.isEmpty();
        if (failure.isPresent() && failure.get().reason() == Reason.AGENT_UNREACHABLE) {
          leaveOut(images.subList(i + 1, images.size()), failure.get(), report);
          break;
        }
      }
      report.measured(session.profile());
      return all;
    }
  }

  /** Without an agent each of them would take as long to fail as this one did. */
  private void leaveOut(List<Path> rest, VaccelException why, PictureReport<R> report) {
    rest.forEach(file -> report.failed(file, why));
    if (!rest.isEmpty()) {
      console.problem(
          rest.size()
              + (rest.size() == 1 ? " more image was" : " more images were")
              + " not tried");
    }
  }

  private Model load(Session session, ModelSpec files, Vaccel vaccel, PictureReport<R> report) {
    long start = System.nanoTime();
    Model loaded;
    try (ProgressBar bar = new ProgressBar(console.err(), console.errScreen(), System::nanoTime)) {
      loaded = session.load(files, CallOptions.within(runtime.timeout()).with(bar));
    }
    if (loaded.loaded().executedOn().isLocal()) {
      runtime.doneHere(vaccel.plugins()).ifPresent(console::problem);
    }
    report.loaded(model, loaded, Duration.ofNanos(System.nanoTime() - start));
    return loaded;
  }

  private Optional<VaccelException> doOne(
      Session session, Model loaded, Path file, PictureReport<R> report) {
    try {
      I input = input(loaded, read(file));
      long start = System.nanoTime();
      R result = session.call(operation, input);
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      report.done(file, result, took, write(file, result));
      return Optional.empty();
    } catch (VaccelException e) {
      report.failed(file, e);
      // The file is named first: the error of an agent cannot know its name.
      console.problem(file + ": " + e.getMessage());
      return Optional.of(e);
    }
  }

  private Image read(Path file) {
    try {
      return Image.read(file);
    } catch (VaccelException e) {
      throw e.during(operation.name());
    }
  }
}
