package io.vaccel.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A program that is ready; closing it ends it with SIGTERM. */
class RunningProgram implements AutoCloseable {
  /** Generous: it may run in a guest VM with one slow processor, and the machine may be busy. */
  private static final long AWAIT_SECONDS = 600;

  private static final long STOP_SECONDS = 180;

  private final Process process;
  private final Path log;

  /**
   * Starts a program whose output goes to a file in {@code directory}, and waits until it says that
   * it is ready.
   */
  RunningProgram(Path directory, Map<String, String> environment, List<String> command) {
    try {
      log = Files.createTempFile(directory, "program", ".log");
      process =
          Programs.start(
              new ProcessBuilder(command)
                  .directory(directory.toFile())
                  .redirectErrorStream(true)
                  .redirectOutput(log.toFile()),
              environment);
    } catch (IOException e) {
      throw new AssertionError("cannot start " + command, e);
    }
    awaitLog("ready");
  }

  /** Everything that it has written so far. */
  final String log() {
    try {
      return Programs.text(log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  final long pid() {
    return process.pid();
  }

  /** Stops it in its tracks, as a debugger or a machine that is suspended would. */
  void pause() {
    signal("STOP");
  }

  /** Lets it go on after {@link #pause}. */
  void resume() {
    signal("CONT");
  }

  /** Sends it the signal with this name, for instance {@code USR1}. */
  final void signal(String name) {
    signal(process.toHandle(), name);
  }

  /** The same for a process that it has started, or one that that has. */
  final void signalChild(String program, String name) {
    ProcessHandle child =
        process
            .descendants()
            .filter(one -> one.info().command().orElse("").endsWith("/" + program))
            .findFirst()
            .orElseThrow(() -> new AssertionError("there is no " + program + ": " + log()));
    signal(child, name);
  }

  private static void signal(ProcessHandle to, String name) {
    try {
      // The shell's own kill: a minimal Debian has no program of this name.
      Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + to.pid()).start();
      if (kill.waitFor() != 0) {
        throw new AssertionError("cannot send " + name);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Ends it as a crash would, without a chance to say goodbye. */
  final void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The processor time that it has used so far. */
  final Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** How many files and sockets it has open. */
  final long descriptors() {
    return count("fd");
  }

  /** How many threads it has, those of its JVM included. */
  final long threads() {
    return count("task");
  }

  private long count(String folder) {
    try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid(), folder))) {
      return entries.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Waits until it has come so far; fails when it ends before that, or nothing happens. */
  final void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(AWAIT_SECONDS);
    while (!condition.getAsBoolean()) {
      try {
        // Ends at once when the program does, and is the pause between two looks otherwise.
        boolean ended = process.waitFor(20, TimeUnit.MILLISECONDS);
        if (ended || System.nanoTime() > deadline) {
          process.destroyForcibly();
          throw new AssertionError("not seen that the program " + what + ": " + log());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /** Sends SIGTERM. */
  final void terminate() {
    process.destroy();
  }

  /** Ends it with SIGTERM and returns its exit status. */
  final int stop() {
    terminate();
    return awaitEnd();
  }

  /** Its exit status, after its end. */
  final int awaitEnd() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("the program did not end after SIGTERM: " + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public final void close() {
    if (process.isAlive()) {
      stop();
    }
  }

  /** Waits until it has written this. */
  final void awaitLog(String text) {
    await("writes " + text, () -> log().contains(text));
  }
}
