package io.vaccel.agent;

import io.vaccel.program.doctor.Check;
import io.vaccel.program.doctor.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;

/** Whether uploaded content can be kept in the state directory. */
final class StateCheck implements Check {
  private static final String WHAT = "state";
  private static final long LITTLE_BYTES = 1L << 30;

  private final Path directory;
  private final ToLongFunction<Path> usableBytes;

  StateCheck(Path directory) {
    this(directory, path -> path.toFile().getUsableSpace());
  }

  /** With another way to ask for the free space of a directory. */
  StateCheck(Path directory, ToLongFunction<Path> usableBytes) {
    this.directory = directory.toAbsolutePath().normalize();
    this.usableBytes = usableBytes;
  }

  @Override
  public List<Finding> findings() {
    Path existing = directory;
    while (!Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (!Files.isDirectory(existing)) {
      return List.of(
          Finding.problem(
              WHAT,
              existing + " is no directory",
              "choose another: --state /var/lib/vaccel-agent"));
    }
    try {
      // Asking for the permission is not enough: a file system may be read-only.
      Files.delete(Files.createTempFile(existing, ".doctor", null));
    } catch (IOException e) {
      return List.of(
          Finding.problem(
              WHAT,
              "nothing can be written in " + existing,
              "sudo install -d -o $USER " + directory,
              "or choose another: --state DIR"));
    }
    long free = usableBytes.applyAsLong(existing);
    if (free < LITTLE_BYTES) {
      return List.of(
          Finding.problem(
              WHAT,
              directory + ": only " + (free >> 20) + " MiB are free, and models are large",
              "df -h " + existing,
              "or choose another: --state DIR"));
    }
    return List.of(Finding.ok(WHAT, directory + ", " + (free >> 30) + " GiB free"));
  }
}
