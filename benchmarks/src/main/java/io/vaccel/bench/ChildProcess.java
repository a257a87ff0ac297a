package io.vaccel.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program started for a measurement, whose output is read all the time; ends with this one. */
final class ChildProcess implements AutoCloseable {
  /** Lines kept for the message when something goes wrong. */
  private static final int KEPT_LINES = 200;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final Process process;
  private final Deque<String> lines = new ArrayDeque<>();
  private boolean ended;

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Starts a program.
   *
   * @param name for messages
   * @param environment set on top of this process's own
   */
  static ChildProcess start(String name, List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    ChildProcess child = new ChildProcess(name, builder.start());
    Thread reader = new Thread(child::read, name + " output");
    reader.setDaemon(true);
    reader.start();
    // Also when this program is interrupted; the thread does nothing to a process that is gone.
    Runtime.getRuntime().addShutdownHook(new Thread(child.handle()::destroy));
    return child;
  }

  /**
   * Waits for a line of output that contains this pattern; also one that was printed already.
   *
   * @throws IOException when the program ends first, or prints no such line in time
   */
  synchronized MatchResult await(Pattern pattern, Duration timeout)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      for (String line : lines) {
        Matcher matcher = pattern.matcher(line);
        if (matcher.find()) {
          return matcher.toMatchResult();
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (ended || left <= 0) {
        throw new IOException(
            name
                + (ended ? " ended" : " took longer than " + timeout.toSeconds() + " s")
                + " before it printed /"
                + pattern
                + "/; it said: "
                + String.join("\n", lines));
      }
      wait(left);
    }
  }

  ProcessHandle handle() {
    return process.toHandle();
  }

  private void read() {
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      end();
    }
  }

  private synchronized void add(String line) {
    lines.addLast(line);
    if (lines.size() > KEPT_LINES) {
      lines.removeFirst();
    }
    notifyAll();
  }

  private synchronized void end() {
    ended = true;
    notifyAll();
  }

  /** Asks the program to end, and ends it when it does not. */
  @Override
  public void close() {
    // Not Process.destroy, which closes the output while it is being read.
    process.toHandle().destroy();
    try {
      if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
