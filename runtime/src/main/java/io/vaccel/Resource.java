package io.vaccel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A model, a library or a data bundle: an ordered list of named files; immutable and free of open
 * handles.
 *
 * @param kind what it is for
 * @param files at least one file and at most {@link #MAX_FILES}, with distinct names
 */
public record Resource(ResourceKind kind, List<ResourceFile> files) {

  /** The most files of one resource. */
  public static final int MAX_FILES = 10_000;

  /** Checks the count and that names are distinct. */
  public Resource {
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new VaccelException(Reason.ARGUMENT_INVALID, "a resource needs at least one file")
          .about("files");
    }
    if (files.size() > MAX_FILES) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED,
          "resource of " + files.size() + " files, the limit is " + MAX_FILES);
    }
    Set<String> names = new HashSet<>();
    for (ResourceFile file : files) {
      if (!names.add(file.name())) {
        throw new VaccelException(Reason.NAME_INVALID, "two files are named '" + file.name() + "'")
            .about("files");
      }
    }
  }

  /**
   * A resource of files on disk, each under its own file name; they are read once for their
   * digests.
   */
  public static Resource ofFiles(ResourceKind kind, Path... paths) {
    return new Resource(
        kind, Arrays.stream(paths).map(path -> ResourceFile.read(fileName(path), path)).toList());
  }

  /**
   * A resource of all regular files below a directory, in the order of their relative names; links
   * to files are followed, links to directories are not.
   */
  public static Resource ofDirectory(ResourceKind kind, Path directory) {
    try (Stream<Path> walk = Files.walk(directory)) {
      List<ResourceFile> files = new ArrayList<>();
      // One more than the limit, so that the check of the count sees it.
      for (Path path : walk.filter(Files::isRegularFile).limit(MAX_FILES + 1L).sorted().toList()) {
        files.add(ResourceFile.read(directory.relativize(path).toString(), path));
      }
      return new Resource(kind, files);
    } catch (UncheckedIOException e) {
      throw FileProblem.reading(directory, e.getCause());
    } catch (IOException e) {
      throw FileProblem.reading(directory, e);
    }
  }

  /** A resource of one file in memory. */
  public static Resource ofBytes(ResourceKind kind, String name, ByteBuffer content) {
    return new Resource(kind, List.of(ResourceFile.ofBytes(name, content)));
  }

  /** A resource of one file that is known by its digest only; see {@link ResourceFile#ofDigest}. */
  public static Resource ofDigest(ResourceKind kind, String name, Digest digest) {
    return new Resource(kind, List.of(ResourceFile.ofDigest(name, digest)));
  }

  /**
   * The same files with the content that they have now; the same resource when nothing has changed.
   * Files keep their digests unless their content did change, so only what changed is sent anew.
   */
  public Resource sync() {
    List<ResourceFile> now = files.stream().map(ResourceFile::sync).toList();
    return now.equals(files) ? this : new Resource(kind, now);
  }

  /** The file with this name. */
  public Optional<ResourceFile> file(String name) {
    return files.stream().filter(file -> file.name().equals(name)).findFirst();
  }

  /** The first file: the model itself, or the only file. */
  public ResourceFile main() {
    return files.get(0);
  }

  /** Bytes of all files whose size is known. */
  public long sizeBytes() {
    return files.stream().mapToLong(file -> Math.max(0, file.sizeBytes())).sum();
  }

  private static String fileName(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
