package io.vaccel.guest;

import io.vaccel.Annotated;
import io.vaccel.ImageInput;
import io.vaccel.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * A command that finds things in pictures and can draw them.
 *
 * @param <I> the operation's input
 * @param <R> its result
 */
abstract class FindingCommand<I extends ImageInput, R extends Annotated>
    extends PictureCommand<I, R> {
  private final String name;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = {
        "Write the picture with what was found drawn in, as PNG.",
        "For several images: a directory that exists."
      })
  private Optional<Path> out;

  FindingCommand(
      Operation<I, R> operation, Findings<R> findings, Console console, RuntimeOptions runtime) {
    super(operation, findings, console, runtime);
    this.name = operation.name().substring(operation.name().indexOf('.') + 1);
  }

  /** Whether the picture is wanted. */
  boolean annotate() {
    return out.isPresent();
  }

  @Override
  void check(List<Path> images) {
    checkTarget("--out", out, images, ".png");
  }

  @Override
  List<WrittenFile> write(Path image, R result) {
    List<WrittenFile> written = new ArrayList<>();
    if (out.isPresent() && result.annotated().isPresent()) {
      Path file = OutputFile.of(out.get(), image, name, ".png");
      OutputFile.write(file, result.annotated().get().data());
      written.add(new WrittenFile("annotated", file));
    }
    return written;
  }

  /** The command's name, for names of files. */
  String name() {
    return name;
  }

  /** Refuses a place where not all files can be written. */
  void checkTarget(String option, Optional<Path> target, List<Path> images, String ending) {
    target
        .flatMap(path -> OutputFile.problem(path, images, name, ending))
        .ifPresent(
            problem -> {
              throw wrongUsage(option + ": " + problem);
            });
  }
}
