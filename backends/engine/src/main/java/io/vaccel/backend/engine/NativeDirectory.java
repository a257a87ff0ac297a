package io.vaccel.backend.engine;

import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
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
import java.nio.file.attribute.UserPrincipal;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where this process unpacks the engines' native libraries: a directory of its own, which goes when
 * the process ends. What processes left that were killed is removed by the next one.
 */
public final class NativeDirectory {
  /** The directory in which it is made; the JVM's temporary directory when not set. */
  public static final String SETTING = "VACCEL_NATIVE_DIR";

  private static final Logger LOG = LoggerFactory.getLogger(NativeDirectory.class);
  private static final String PREFIX = "vaccel-native-";
  private static final String LOCK = "lock";
  private static final String JAVACPP_LOG = "org.slf4j.simpleLogger.log.org.bytedeco.javacpp";
  private static final String TEMPORARY_PROPERTY = "java.io.tmpdir";
  private static final String TEMPORARY = System.getProperty(TEMPORARY_PROPERTY);

  /** A channel that nobody holds is closed, and its lock given up, when garbage is collected. */
  private static final List<FileLock> HELD = new CopyOnWriteArrayList<>();

  private static Path directory;

  private NativeDirectory() {}

  /**
   * A directory in it, made when first asked for. The first caller's settings decide where.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when nothing can be written there
   */
  public static synchronized Path of(Settings settings, String engine) {
    try {
      if (directory == null) {
        directory = make(Path.of(settings.get(SETTING).orElse(TEMPORARY)));
      }
      return Files.createDirectories(directory.resolve(engine));
    } catch (IOException e) {
      LOG.warn("no place for native libraries", e);
      throw new VaccelException(
          Reason.ARGUMENT_INVALID,
          "native libraries cannot be unpacked: nothing can be written to the directory that "
              + (settings.get(SETTING).isPresent() ? SETTING + " names" : "holds temporary files"),
          e);
    }
  }

  /** Makes JavaCPP, which some engines use, unpack there and leave the limits on memory to us. */
  public static void useForJavaCpp(Settings settings) {
    System.setProperty("org.bytedeco.javacpp.cachedir", of(settings, "javacpp").toString());
    // Its own limits come from the heap's size, and a mapped model may be larger than that.
    System.setProperty("org.bytedeco.javacpp.maxBytes", "0");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    // What it says is a log's business, and that it warns of engines which were built with another
    // release of it is nobody's: our tests run that very combination.
    System.setProperty("org.bytedeco.javacpp.logger", "slf4j");
    if (System.getProperty(JAVACPP_LOG) == null) {
      System.setProperty(JAVACPP_LOG, "error");
    }
    // Everything is closed explicitly.
    System.setProperty("org.bytedeco.javacpp.noPointerGC", "true");
  }

  /** Makes JNA, which some backends use, unpack there, unless the JVM was told another place. */
  public static void useForJna(Settings settings) {
    useFor("jna.tmpdir", settings, "jna");
  }

  /**
   * Sets a library's own property for where it unpacks, unless the JVM was started with it.
   *
   * @return where that is
   */
  public static Path useFor(String property, Settings settings, String engine) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, of(settings, engine).toString());
    }
    return Path.of(System.getProperty(property));
  }

  /**
   * Does something with a directory there as the one for temporary files: for a library that knows
   * no property of its own. Who asks for that property meanwhile in another thread gets the
   * directory too, which does no harm.
   */
  public static synchronized <T> T asTemporary(
      Settings settings, String engine, Supplier<T> loading) {
    System.setProperty(TEMPORARY_PROPERTY, of(settings, engine).toString());
    try {
      return loading.get();
    } finally {
      System.setProperty(TEMPORARY_PROPERTY, TEMPORARY);
    }
  }

  /** A directory of this process, after removing those of processes that are no more. */
  public static Path make(Path parent) throws IOException {
    Files.createDirectories(parent);
    Path made = Files.createTempDirectory(parent, PREFIX);
    sweep(parent, Files.getOwner(made));
    // The file gets its name when it is locked: before, another process would take the directory
    // for abandoned. Not every file system moves a directory, such as some of containers.
    Path unnamed = made.resolve("." + LOCK);
    // Never closed: the lock is held, and thereby shows that the directory is in use, until the
    // process ends, however it ends.
    HELD.add(
        FileChannel.open(unnamed, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE).lock());
    Files.move(unnamed, made.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> remove(made), "vaccel-native-directory-removal"));
    return made;
  }

  /**
   * Removes what this user left. A directory of somebody else, in a place that all share, could
   * have its parts replaced by links to files of ours while it is removed.
   */
  private static void sweep(Path parent, UserPrincipal self) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path each : left) {
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)
            && Files.getOwner(each, LinkOption.NOFOLLOW_LINKS).equals(self)
            && isAbandoned(each)) {
          remove(each);
        }
      }
    }
  }

  private static boolean isAbandoned(Path each) {
    // One without a lock file has just been made, or is not ours.
    try (FileChannel channel = FileChannel.open(each.resolve(LOCK), StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      return free != null;
    } catch (IOException | OverlappingFileLockException e) {
      return false;
    }
  }

  private static void remove(Path tree) {
    try (Stream<Path> all = Files.walk(tree)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      LOG.debug("cannot remove {}", tree, e);
    }
  }
}
