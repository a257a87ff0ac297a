package io.vaccel.agent;

import io.vaccel.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the store's files lie and how they are made: {@code content/DIGEST} is complete and
 * verified, {@code partial/OWNER-DIGEST} can be continued, {@code partial/*.tmp} is given up when
 * its upload ends.
 *
 * <p>Directories have mode 0700, files 0600. Every name is made here of hexadecimal digits; nothing
 * a guest says becomes part of a path.
 *
 * <p>A content is written, forced to disk, renamed, and the directory is forced: after a power cut
 * a file under {@code content} is whole. Partial files are not forced; what a power cut leaves of
 * them is verified when the upload ends.
 */
final class ContentFiles implements AutoCloseable {
  private static final Pattern CONTENT = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern PARTIAL = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{64})");

  private final Path content;
  private final Path partial;
  private final FileChannel lockFile;

  private ContentFiles(Path content, Path partial, FileChannel lockFile) {
    this.content = content;
    this.partial = partial;
    this.lockFile = lockFile;
  }

  /** A file found at start. */
  record Found(String owner, Digest digest, long sizeBytes, long modifiedMillis) {}

  static ContentFiles open(Path directory) throws IOException {
    Path root = Files.createDirectories(directory, directoryMode());
    Path content = privateDirectory(root.resolve("content"));
    Path partial = privateDirectory(root.resolve("partial"));
    FileChannel lockFile = create(root.resolve("lock"), StandardOpenOption.CREATE);
    if (!locks(lockFile)) {
      lockFile.close();
      throw new IOException("state directory " + directory + " is in use by another agent");
    }
    return new ContentFiles(content, partial, lockFile);
  }

  /** The complete contents, and nothing else: other files there are removed. */
  List<Found> contents() throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path file : files(content)) {
      if (CONTENT.matcher(name(file)).matches()) {
        found.add(describe("", new Digest(name(file)), file));
      } else {
        Files.delete(file);
      }
    }
    return found;
  }

  /** The uploads that can be continued; what an earlier agent left otherwise is removed. */
  List<Found> partials(long notBeforeMillis) throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path file : files(partial)) {
      Matcher form = PARTIAL.matcher(name(file));
      boolean young = Files.getLastModifiedTime(file).toMillis() >= notBeforeMillis;
      if (form.matches() && young) {
        found.add(describe(form.group(1), new Digest(form.group(2)), file));
      } else {
        Files.delete(file);
      }
    }
    return found;
  }

  Path content(Digest digest) {
    return content.resolve(digest.hex());
  }

  Path partial(String owner, Digest digest) {
    return partial.resolve(owner + "-" + digest.hex());
  }

  Path scratch() {
    return partial.resolve(RandomId.next() + ".tmp");
  }

  /** Opens a file for writing, and reading back, under the store's mode; makes it if missing. */
  static FileChannel openForUpload(Path file) throws IOException {
    return create(file, StandardOpenOption.CREATE);
  }

  /** Makes a finished upload, whose bytes are on disk, the content with this digest. */
  void publish(Path from, Digest digest) throws IOException {
    Files.move(from, content(digest), StandardCopyOption.ATOMIC_MOVE);
  }

  /** Makes the names of what was published survive a power cut. */
  void forceDirectory() throws IOException {
    try (FileChannel directory = FileChannel.open(content, StandardOpenOption.READ)) {
      directory.force(true);
    }
  }

  /**
   * Bytes that the disk still takes.
   *
   * <p>Asked of the file system itself: {@code Files.getFileStore} looks for the mount point first,
   * and there is none to be found in a root that was changed to.
   */
  long freeBytes() {
    return content.toFile().getUsableSpace();
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  private static Found describe(String owner, Digest digest, Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new Found(owner, digest, attributes.size(), attributes.lastModifiedTime().toMillis());
  }

  private static List<Path> files(Path directory) throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(
            directory, entry -> Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS))) {
      entries.forEach(files::add);
    }
    return files;
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static Path privateDirectory(Path directory) throws IOException {
    Files.createDirectories(directory, directoryMode());
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    return directory;
  }

  private static java.nio.file.attribute.FileAttribute<?> directoryMode() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  }

  private static FileChannel create(Path file, StandardOpenOption how) throws IOException {
    return FileChannel.open(
        file,
        Set.of(how, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
  }

  private static boolean locks(FileChannel file) throws IOException {
    try {
      Optional<FileLock> lock = Optional.ofNullable(file.tryLock());
      return lock.isPresent();
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }
}
