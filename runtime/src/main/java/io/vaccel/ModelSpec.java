package io.vaccel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What to load: the files of a model and the format they are in.
 *
 * @param resource the files; the main file is the model, others lie beside it (metadata, labels,
 *     weights)
 * @param format the format of the main file
 */
public record ModelSpec(Resource resource, ModelFormat format) {
  /** What comes after the model's name without its suffix in the names of files that go with it. */
  private static final List<String> AFTER_STEM = List.of(".json", ".labels.txt", ".data");

  /** What comes after the model's whole name; ONNX keeps large weights in such files. */
  private static final List<String> AFTER_NAME = List.of(".json", ".data", "_data");

  /** Checks that nothing is missing. */
  public ModelSpec {
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(format, "format");
  }

  /**
   * The model in a file with the files beside it that go with it: for {@code net.onnx} metadata and
   * labels ({@code net.json}, {@code net.onnx.json}, {@code net.labels.txt}) and weights ({@code
   * net.data}, {@code net.onnx.data}, {@code net.onnx_data}), those that are there. A directory is
   * a SavedModel and is taken whole. Symbolic links to files are followed.
   *
   * @throws VaccelException {@link Reason#FILE_NOT_FOUND} when there is no such file, {@link
   *     Reason#MODEL_UNREADABLE} when it is empty or its name tells no format; the message names
   *     the operation {@code model.load}, which begins here
   */
  public static ModelSpec at(Path path) {
    try {
      return read(path);
    } catch (VaccelException e) {
      throw e.during("model.load");
    }
  }

  private static ModelSpec read(Path path) {
    if (Files.isDirectory(path)) {
      return savedModel(path);
    }
    if (!Files.exists(path)) {
      throw new VaccelException(Reason.FILE_NOT_FOUND, "no model file " + path);
    }
    String name = path.getFileName().toString();
    ModelFormat format =
        ModelFormat.ofFileName(name)
            .orElseThrow(
                () ->
                    new VaccelException(
                        Reason.MODEL_UNREADABLE,
                        path + ": the file name ends in no known model format"));
    if (format == ModelFormat.TENSORFLOW_SAVED_MODEL) {
      throw new VaccelException(
          Reason.MODEL_UNREADABLE,
          path + " is one file of a SavedModel; name the directory that holds it");
    }
    List<ResourceFile> files = new ArrayList<>();
    files.add(ResourceFile.read(name, path));
    if (files.get(0).sizeBytes() == 0) {
      throw new VaccelException(Reason.MODEL_UNREADABLE, "model file " + path + " is empty");
    }
    String stem = name.substring(0, name.length() - format.suffix().length());
    Stream.concat(AFTER_STEM.stream().map(stem::concat), AFTER_NAME.stream().map(name::concat))
        .filter(beside -> Files.isRegularFile(path.resolveSibling(beside)))
        .forEach(beside -> files.add(ResourceFile.read(beside, path.resolveSibling(beside))));
    return new ModelSpec(new Resource(ResourceKind.MODEL, files), format);
  }

  private static ModelSpec savedModel(Path directory) {
    String mainName = ModelFormat.TENSORFLOW_SAVED_MODEL.suffix();
    if (!Files.isRegularFile(directory.resolve(mainName))) {
      // Found out before the directory is read: it may be anybody's home.
      throw new VaccelException(
          Reason.MODEL_UNREADABLE,
          "directory " + directory + " holds no " + mainName + "; name a model file");
    }
    Resource tree = Resource.ofDirectory(ResourceKind.MODEL, directory);
    List<ResourceFile> files = new ArrayList<>(tree.files());
    ResourceFile main = tree.file(mainName).orElseThrow();
    files.remove(main);
    files.add(0, main);
    return new ModelSpec(
        new Resource(ResourceKind.MODEL, files), ModelFormat.TENSORFLOW_SAVED_MODEL);
  }
}
