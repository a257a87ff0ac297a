package io.vaccel.guest;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Where the files of results are written: the file that is named, or one for each image. */
final class OutputFile {
  private OutputFile() {}

  /** The file for one image; in a directory it is named after image and command. */
  static Path of(Path target, Path image, String command, String ending) {
    if (!Files.isDirectory(target)) {
      return target;
    }
    String name = String.valueOf(image.getFileName());
    int dot = name.lastIndexOf('.');
    return target.resolve((dot > 0 ? name.substring(0, dot) : name) + "." + command + ending);
  }

  /** Why not all files can be written there; empty when they can. */
  static Optional<String> problem(Path target, List<Path> images, String command, String ending) {
    if (images.size() > 1 && !Files.isDirectory(target)) {
      return Optional.of(target + " must be a directory, because there are several images");
    }
    Set<Path> files = new HashSet<>();
    for (Path image : images) {
      Path file = of(target, image, command, ending);
      if (!files.add(file)) {
        return Optional.of("two images would be written to " + file);
      }
      if (file.toAbsolutePath().normalize().equals(image.toAbsolutePath().normalize())) {
        return Optional.of(file + " is the image itself");
      }
    }
    return Optional.empty();
  }

  /**
   * Writes a file, over one that is there.
   *
   * @throws VaccelException {@link Reason#FILE_NOT_FOUND} when it cannot be written
   */
  static void write(Path file, ByteBuffer... parts) {
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      for (ByteBuffer part : parts) {
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
    } catch (NoSuchFileException e) {
      throw cannotWrite(file, "no such directory", e);
    } catch (AccessDeniedException e) {
      throw cannotWrite(file, "permission denied", e);
    } catch (IOException e) {
      throw cannotWrite(file, e.getMessage(), e);
    }
  }

  private static VaccelException cannotWrite(Path file, String why, IOException cause) {
    return new VaccelException(Reason.FILE_NOT_FOUND, "cannot write " + file + ": " + why, cause);
  }
}
