package io.vaccel.program.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/**
 * The files in which a machine shows its devices and modules.
 *
 * @param root {@code /}, or the directory that stands for it in a test
 * @param mayOpen whether this user may open a device
 */
public record Machine(Path root, Predicate<Path> mayOpen) {
  /** The machine that this is. */
  public static final Machine THIS =
      new Machine(Path.of("/"), path -> Files.isReadable(path) && Files.isWritable(path));

  Path device(String name) {
    return root.resolve("dev").resolve(name);
  }

  /** Whether a kernel module is there, loaded or built in. */
  boolean hasModule(String name) {
    // A built-in module has a directory in sysfs only if it has parameters.
    return Files.isDirectory(root.resolve("sys/module").resolve(name))
        || lines("proc/modules").stream().anyMatch(line -> line.startsWith(name + " "));
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(root.resolve(file));
    } catch (IOException e) {
      return List.of();
    }
  }
}
