package io.vaccel.program;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong with a file, in words: of most of it the JDK's message is the bare path. */
public final class FileFailure {
  private FileFailure() {}

  /** One line that names the file, where it is known, and the cause. */
  public static String text(IOException failure) {
    String message = failure.getMessage();
    if (failure instanceof FileSystemException file && file.getReason() == null) {
      return file.getFile() + ": " + cause(file);
    }
    return message == null ? failure.getClass().getSimpleName() : message;
  }

  private static String cause(FileSystemException failure) {
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (failure instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "something else is there";
    }
    if (failure instanceof NotDirectoryException) {
      return "it is no directory";
    }
    return failure.getClass().getSimpleName();
  }
}
