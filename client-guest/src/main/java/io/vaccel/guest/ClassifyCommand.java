package io.vaccel.guest;

import io.vaccel.CallOptions;
import io.vaccel.Classification;
import io.vaccel.Classify;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Names what pictures show. */
@Command(
    name = "classify",
    description = "Name what pictures show.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "The model is sent to the agent unless the agent has it already, and loaded once for all",
      "images. The files beside it that go with it (net.json, net.labels.txt) are sent as well.",
      "An image that cannot be classified is reported, and the others are still done; the exit",
      "code is then 1."
    })
final class ClassifyCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private final RuntimeOptions runtime;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "FILE",
      description = "The classifier, with its metadata beside it.")
  private Path model;

  @Option(
      names = "--top",
      paramLabel = "N",
      defaultValue = "5",
      description = "How many labels for each image (default: 5).")
  private int top;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  @Parameters(arity = "1..*", paramLabel = "IMAGE", description = "JPEG, PNG or BMP files.")
  private List<Path> images;

  ClassifyCommand(Console console, RuntimeOptions runtime) {
    this.console = console;
    this.runtime = runtime;
  }

  @Override
  public Integer call() {
    if (top < 1 || top > Classify.MAX_TOP) {
      throw new ParameterException(
          spec.commandLine(), "--top must be 1 to " + Classify.MAX_TOP + ", not " + top);
    }
    ClassifyReport report =
        json ? new ClassifyJson(console.out()) : new ClassifyText(console.out(), console.screen());
    try {
      return classifyAll(report) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    } catch (VaccelException e) {
      report.failed(model, e);
      throw e;
    } finally {
      report.end();
    }
  }

  private boolean classifyAll(ClassifyReport report) {
    ModelSpec files = modelFiles();
    try (Vaccel vaccel = runtime.load();
        Session session = vaccel.openSession();
        Model loaded = load(session, files, vaccel, report)) {
      boolean all = true;
      for (Path image : images) {
        all &= classify(session, loaded, image, report);
      }
      return all;
    }
  }

  private ModelSpec modelFiles() {
    try {
      return ModelSpec.at(model);
    } catch (VaccelException e) {
      throw e.during("model.load");
    }
  }

  private Model load(Session session, ModelSpec files, Vaccel vaccel, ClassifyReport report) {
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

  private boolean classify(Session session, Model loaded, Path file, ClassifyReport report) {
    try {
      Classify input = new Classify(loaded, read(file), top);
      long start = System.nanoTime();
      Classification result = session.call(Operations.IMAGE_CLASSIFY, input);
      report.classified(file, result, Duration.ofNanos(System.nanoTime() - start));
      return true;
    } catch (VaccelException e) {
      report.failed(file, e);
      // The file is named first: the error of an agent cannot know its name.
      console.problem(file + ": " + e.getMessage());
      return false;
    }
  }

  private static Image read(Path file) {
    try {
      return Image.read(file);
    } catch (VaccelException e) {
      throw e.during(Operations.IMAGE_CLASSIFY.name());
    }
  }
}
