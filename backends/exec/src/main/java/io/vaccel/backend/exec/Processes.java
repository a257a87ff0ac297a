package io.vaccel.backend.exec;

import com.sun.jna.Native;
import io.vaccel.Argument;
import io.vaccel.CallOptions;
import io.vaccel.FunctionCall;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import io.vaccel.backend.exec.child.ChildMain;
import io.vaccel.spi.Call;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts a process for each call, a limited number at a time; safe for use by several threads.
 *
 * <p>Each is a JVM, so that this project needs no compiler and no binary of its own: what runs
 * before the library is Java and JNA. It knows nothing but the JDK: no environment, no descriptor
 * but two pipes, no file of the agent.
 */
final class Processes {
  private static final Logger LOG = LoggerFactory.getLogger(Processes.class);
  private static final long SLICE_MILLIS = 50;

  /** What a machine that is at its limit needs for a process, however short calls may be. */
  private static final Duration TRIAL = Duration.ofMinutes(1);

  private final ExecSettings settings;
  private final LibraryStore store;
  private final Semaphore free;

  Processes(ExecSettings settings, LibraryStore store) {
    this.settings = settings;
    this.store = store;
    this.free = new Semaphore(settings.processes(), true);
  }

  /**
   * Starts a process that calls nothing.
   *
   * @throws VaccelException when it cannot be isolated, with the reason
   */
  void tryOut() {
    FunctionCall nothing = FunctionCall.of("none", List.of(), List.of());
    call(List.of(), nothing, TRIAL, Call.start(CallOptions.within(TRIAL), Runnable::run));
  }

  /** Calls a function of the last of these libraries. */
  List<Argument> call(List<ResourceFile> libraries, FunctionCall function, Call call) {
    return call(libraries, function, settings.wallTime(), call);
  }

  private List<Argument> call(
      List<ResourceFile> libraries, FunctionCall function, Duration wall, Call call) {
    if (function.sizeBytes() > settings.memoryBytes()) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED,
          "arguments of "
              + function.sizeBytes()
              + " bytes, a call may have "
              + settings.memoryBytes());
    }
    enter(call);
    try {
      Path directory = store.gather(libraries);
      try (LibraryProcess process = start(directory)) {
        return process.perform(names(libraries), function, settings, wall, call);
      } finally {
        LibraryStore.remove(directory);
      }
    } catch (IOException e) {
      LOG.error("a library cannot be isolated", e);
      throw new VaccelException(
          Reason.ENGINE_FAILED, "the library cannot be isolated (the log says why)", e);
    } finally {
      free.release();
    }
  }

  private void enter(Call call) {
    try {
      do {
        call.check();
      } while (!free.tryAcquire(SLICE_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VaccelException(Reason.CANCELLED, "the calling thread was interrupted", e);
    }
  }

  private static List<String> names(List<ResourceFile> libraries) {
    return libraries.stream().map(ResourceFile::name).toList();
  }

  private LibraryProcess start(Path directory) throws IOException {
    Path java = Path.of(System.getProperty("java.home"));
    List<Path> classPath = List.of(place(ChildMain.class), place(Native.class));
    ProcessBuilder builder = new ProcessBuilder(command(java, classPath, directory));
    builder.directory(store.empty().toFile());
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.environment().clear();
    List<Path> readable = new ArrayList<>(classPath);
    readable.addAll(configuration(java));
    readable.addAll(List.of(java, store.empty(), directory, dispatch()));
    return LibraryProcess.start(builder, readable);
  }

  private List<String> command(Path java, List<Path> classPath, Path directory) {
    return List.of(
        java.resolve("bin/java").toString(),
        // It lives for one call: interpreting is faster than compiling.
        "-Xint",
        "-XX:+UseSerialGC",
        "-Xms4m",
        "-Xmx32m",
        "-XX:ReservedCodeCacheSize=8m",
        "-XX:CompressedClassSpaceSize=16m",
        "-XX:MaxMetaspaceSize=48m",
        "-XX:-UsePerfData",
        "-XX:+DisableAttachMechanism",
        "-XX:-CreateCoredumpOnCrash",
        "-XX:+SuppressFatalErrorMessage",
        "-Djna.nounpack=true",
        "-Djna.boot." + "library.path=" + store.root(),
        "-cp",
        classPath.get(0) + ":" + classPath.get(1),
        ChildMain.class.getName(),
        directory.toString());
  }

  private Path dispatch() {
    return store.root().resolve("libjnidispatch.so");
  }

  /** Distributions keep the JDK's configuration elsewhere, behind links. */
  private static List<Path> configuration(Path java) throws IOException {
    List<Path> real = new ArrayList<>();
    for (String part : List.of("conf", "conf/security", "lib", "lib/security")) {
      if (Files.isDirectory(java.resolve(part))) {
        try (Stream<Path> entries = Files.list(java.resolve(part))) {
          for (Path link : entries.filter(Files::isSymbolicLink).filter(Files::exists).toList()) {
            real.add(link.toRealPath());
          }
        }
      }
    }
    return real;
  }

  private static Path place(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("the class path cannot be told", e);
    }
  }
}
