package io.vaccel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What to load: the files of a model and the format they are in.
 *
 * @param resource the files; the main file is the model, others lie beside it (metadata, labels,
 *     weights)
 * @param format the format of the main file
 */
public record ModelSpec(Resource resource, ModelFormat format) {

  /** The most files that are picked up beside a model file. */
  private static final int MAX_SIBLINGS = 32;

  /** Checks that nothing is missing. */
  public ModelSpec {
    Objects.requireNonNull(resource, "resource");
    Objects.requireNonNull(format, "format");
  }

  /**
   * The model in a file, with the files beside it that share its name up to the suffix: for {@code
   * net.onnx} also {@code net.json} and {@code net.labels.txt}. A directory is a SavedModel.
   *
   * @throws VaccelException {@link Reason#FILE_NOT_FOUND} when there is no such file, {@link
   *     Reason#MODEL_UNREADABLE} when it is empty or its name tells no format
   */
  public static ModelSpec at(Path path) {
    if (Files.isDirectory(path)) {
      return savedModel(Resource.ofDirectory(ResourceKind.MODEL, path), path);
    }
    String name = path.getFileName() == null ? "" : path.getFileName().toString();
    if (!Files.exists(path)) {
      throw new VaccelException(Reason.FILE_NOT_FOUND, "no model file " + path);
    }
    ModelFormat format =
        ModelFormat.ofFileName(name)
            .orElseThrow(
                () ->
                    new VaccelException(
                        Reason.MODEL_UNREADABLE,
                        path + ": the file name ends in no known model format"));
    List<ResourceFile> files = new ArrayList<>();
    files.add(ResourceFile.read(name, path));
    if (files.get(0).sizeBytes() == 0) {
      throw new VaccelException(Reason.MODEL_UNREADABLE, "model file " + path + " is empty");
    }
    String stem = name.substring(0, name.length() - format.suffix().length());
    for (Path sibling : siblings(path, stem)) {
      files.add(ResourceFile.read(sibling.getFileName().toString(), sibling));
    }
    return new ModelSpec(new Resource(ResourceKind.MODEL, files), format);
  }

  private static ModelSpec savedModel(Resource tree, Path path) {
    ResourceFile main =
        tree.file(ModelFormat.TENSORFLOW_SAVED_MODEL.suffix())
            .orElseThrow(
                () ->
                    new VaccelException(
                        Reason.MODEL_UNREADABLE, "directory " + path + " holds no saved_model.pb"));
    List<ResourceFile> files = new ArrayList<>(tree.files());
    files.remove(main);
    files.add(0, main);
    return new ModelSpec(
        new Resource(ResourceKind.MODEL, files), ModelFormat.TENSORFLOW_SAVED_MODEL);
  }

  private static List<Path> siblings(Path model, String stem) {
    Path directory = model.toAbsolutePath().getParent();
    if (directory == null || stem.isEmpty()) {
      return List.of();
    }
    String own = String.valueOf(model.getFileName());
    try (var entries = Files.newDirectoryStream(directory, Files::isRegularFile)) {
      List<Path> found = new ArrayList<>();
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        boolean beside =
            name.equals(stem + ".json")
                || name.equals(stem + ".labels.txt")
                || name.startsWith(own + ".");
        if (beside && found.size() < MAX_SIBLINGS) {
          found.add(entry);
        }
      }
      found.sort(null);
      return found;
    } catch (java.io.IOException e) {
      throw new VaccelException(Reason.FILE_NOT_FOUND, "cannot read directory " + directory, e);
    }
  }
}
