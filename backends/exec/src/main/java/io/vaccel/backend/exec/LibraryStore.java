package io.vaccel.backend.exec;

import com.sun.jna.Native;
import com.sun.jna.Platform;
import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Private copies of the allowed libraries, each verified while it was copied: what is loaded is
 * what was allowed, whatever happens to the original. They are removed when this is closed. Safe
 * for use by several threads.
 */
final class LibraryStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LibraryStore.class);

  private final Path root;

  /** Makes a private directory below {@code parent}. */
  LibraryStore(Path parent) throws IOException {
    this.root = Files.createTempDirectory(parent, "exec-");
    Files.createDirectory(copies());
    Files.createDirectory(empty());
    String dispatch = "/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/libjnidispatch.so";
    try (InputStream in = Native.class.getResourceAsStream(dispatch)) {
      if (in == null) {
        throw new IOException("JNA has no part for " + Platform.RESOURCE_PREFIX);
      }
      Files.copy(in, root.resolve("libjnidispatch.so"));
    }
  }

  /** Where JNA's own library lies, unpacked. */
  Path root() {
    return root;
  }

  /** An empty directory, for processes to be in. */
  Path empty() {
    return root.resolve("empty");
  }

  /**
   * A new directory with these files under their names; {@link #remove} removes it.
   *
   * @throws VaccelException {@link Reason#CONTENT_MISMATCH} when a file is not what its digest says
   */
  Path gather(List<ResourceFile> files) throws IOException {
    Path directory = Files.createTempDirectory(root, "call-");
    try {
      for (ResourceFile file : files) {
        Path link = directory.resolve(file.name());
        Files.createDirectories(link.getParent());
        Files.createLink(link, copy(file));
      }
      return directory;
    } catch (IOException | RuntimeException e) {
      remove(directory);
      throw e;
    }
  }

  /** Removes a directory with all that is in it. */
  static void remove(Path directory) {
    try (Stream<Path> tree = Files.walk(directory)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("a directory of libraries could not be removed", e);
    }
  }

  @Override
  public void close() {
    remove(root);
  }

  private Path copies() {
    return root.resolve("copies");
  }

  private Path copy(ResourceFile file) throws IOException {
    Path copy = copies().resolve(file.digest().hex());
    if (Files.exists(copy)) {
      return copy;
    }
    Path fresh = Files.createTempFile(root, "copy-", "");
    try {
      try (DigestInputStream in = new DigestInputStream(file.open(0), Digest.sha256());
          OutputStream out = Files.newOutputStream(fresh)) {
        in.transferTo(out);
        if (!Digest.of(in.getMessageDigest()).equals(file.digest())) {
          throw new VaccelException(
              Reason.CONTENT_MISMATCH,
              "library '"
                  + file.name()
                  + "' is not the file that was allowed: its SHA-256 differs");
        }
      }
      Files.move(fresh, copy, StandardCopyOption.ATOMIC_MOVE);
      return copy;
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
