package io.vaccel.guest;

import io.vaccel.Annotated;
import io.vaccel.ImageInput;
import io.vaccel.Operation;
import io.vaccel.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * A command whose result has a value for each pixel, which may be written for numpy.
 *
 * @param <I> the operation's input
 * @param <R> its result
 */
abstract class MapCommand<I extends ImageInput, R extends Annotated> extends FindingCommand<I, R> {
  private static final String ENDING = ".npy";

  @Option(
      names = "--npy",
      paramLabel = "FILE",
      description = {
        "Write the value of each pixel, row by row, as a numpy array.",
        "For several images: a directory that exists."
      })
  private Optional<Path> npy;

  MapCommand(
      Operation<I, R> operation, Findings<R> findings, Console console, RuntimeOptions runtime) {
    super(operation, findings, console, runtime);
  }

  /** The values. */
  abstract Tensor map(R result);

  @Override
  void check(List<Path> images) {
    super.check(images);
    checkTarget("--npy", npy, images, ENDING);
  }

  @Override
  List<WrittenFile> write(Path image, R result) {
    List<WrittenFile> written = new ArrayList<>(super.write(image, result));
    if (npy.isPresent()) {
      Path file = OutputFile.of(npy.get(), image, name(), ENDING);
      Tensor map = map(result);
      OutputFile.write(file, ByteBuffer.wrap(Npy.header(map)), map.data());
      written.add(new WrittenFile("npy", file));
    }
    return written;
  }
}
