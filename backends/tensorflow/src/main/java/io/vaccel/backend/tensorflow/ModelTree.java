package io.vaccel.backend.tensorflow;

import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The files of a SavedModel that TensorFlow reads by their names, in a directory of their own: an
 * agent keeps them under their digests. Links where they lie on disk, copies of those in memory.
 */
final class ModelTree implements AutoCloseable {
  private final Path root;

  private ModelTree(Path root) {
    this.root = root;
  }

  /** A new directory within {@code parent}. */
  static ModelTree of(Path parent, Resource files) {
    try {
      ModelTree tree = new ModelTree(Files.createTempDirectory(parent, "model-"));
      try {
        for (ResourceFile file : files.files()) {
          if (SavedModelFiles.directories().stream().anyMatch(file.name()::startsWith)) {
            tree.add(file);
          }
        }
        return tree;
      } catch (IOException | RuntimeException e) {
        tree.close();
        throw e;
      }
    } catch (IOException e) {
      throw new VaccelException(
          Reason.FILE_NOT_FOUND, "the files of the model cannot be laid out", e);
    }
  }

  /** The path of a file, or of what files begin with. */
  String path(String name) {
    return root.resolve(name).toString();
  }

  @Override
  public void close() {
    try (Stream<Path> walk = Files.walk(root)) {
      List<Path> all = walk.sorted(Comparator.reverseOrder()).toList();
      for (Path path : all) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      // It goes with the process.
    }
  }

  private void add(ResourceFile file) throws IOException {
    // Names of resources do not climb out.
    Path place = root.resolve(file.name());
    Files.createDirectories(place.getParent());
    if (file.path().isPresent()) {
      Files.createSymbolicLink(place, file.path().get().toAbsolutePath());
    } else {
      try (InputStream in = file.open(0)) {
        Files.copy(in, place);
      }
    }
  }
}
