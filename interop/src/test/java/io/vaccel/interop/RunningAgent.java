package io.vaccel.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A {@code vaccel-agent} process that is ready; closing it ends it with SIGTERM. */
final class RunningAgent implements AutoCloseable {
  private static final long AWAIT_SECONDS = 180;
  private static final long STOP_SECONDS = 180;

  private final Process process;
  private final Path log;

  private RunningAgent(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts an agent with its own state below {@code directory}, and waits until it says that it is
   * ready.
   */
  static RunningAgent start(Path directory, String listen, String... more) {
    return start(directory, Map.of(), listen, more);
  }

  /** The same with additional environment variables. */
  static RunningAgent start(
      Path directory, Map<String, String> environment, String listen, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Programs.AGENT.toString(),
                "--listen",
                listen,
                "--state",
                directory.resolve("state").toString()));
    command.addAll(Arrays.asList(more));
    try {
      Path log = Files.createTempFile(directory, "agent", ".log");
      Process process =
          Programs.start(
              new ProcessBuilder(command)
                  .directory(directory.toFile())
                  .redirectErrorStream(true)
                  .redirectOutput(log.toFile()),
              environment);
      RunningAgent agent = new RunningAgent(process, log);
      agent.awaitReady();
      return agent;
    } catch (IOException e) {
      throw new AssertionError("cannot start " + command, e);
    }
  }

  /** Everything that it has written so far. */
  String log() {
    try {
      return Programs.text(log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** Ends it as a crash would, without a chance to say goodbye. */
  void kill() {
    try {
      process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The processor time that it has used so far. */
  Duration processorTime() {
    return process.info().totalCpuDuration().orElseThrow();
  }

  /** Waits until it has come so far; fails when it ends before that, or nothing happens. */
  void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(AWAIT_SECONDS);
    while (!condition.getAsBoolean()) {
      try {
        // Ends at once when the agent does, and is the pause between two looks otherwise.
        boolean ended = process.waitFor(20, TimeUnit.MILLISECONDS);
        if (ended || System.nanoTime() > deadline) {
          process.destroyForcibly();
          throw new AssertionError("not seen that the agent " + what + ": " + log());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }

  /** Sends SIGTERM. */
  void terminate() {
    process.destroy();
  }

  /** Ends it with SIGTERM and returns its exit status. */
  int stop() {
    terminate();
    return awaitEnd();
  }

  /** Its exit status, after its end. */
  int awaitEnd() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
        throw new AssertionError("the agent did not end after SIGTERM: " + log());
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }

  private void awaitReady() {
    await("becomes ready", () -> log().contains("ready"));
  }
}
