package io.vaccel;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Says in plain words why a file of the caller cannot be read. */
final class FileProblem {
  private FileProblem() {}

  static VaccelException reading(Path path, IOException problem) {
    return new VaccelException(
        Reason.FILE_NOT_FOUND, "cannot read " + path + ": " + why(problem), problem);
  }

  // What the JDK itself says of most of these is the bare path.
  private static String why(IOException problem) {
    if (problem instanceof NoSuchFileException) {
      return "no such file";
    }
    if (problem instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (problem instanceof FileSystemException failed && failed.getReason() != null) {
      return failed.getReason();
    }
    return String.valueOf(problem.getMessage());
  }
}
