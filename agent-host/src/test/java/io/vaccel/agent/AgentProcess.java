package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** {@code vaccel-agent} as a child process, and what it has printed so far. */
final class AgentProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final List<String> lines = new ArrayList<>();

  private AgentProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static AgentProcess start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  /** Started to ignore SIGHUP. */
  static AgentProcess startUnderNohup(String... arguments) throws IOException {
    return start(List.of("nohup"), Map.of(), arguments);
  }

  static AgentProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    // Whoever runs the tests may have been started to ignore SIGHUP, which is inherited.
    return start(List.of("env", "--default-signal=HUP"), environment, arguments);
  }

  private static AgentProcess start(
      List<String> starter, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(starter);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(AgentMain.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("VACCEL_PLUGINS");
    builder.environment().remove("VACCEL_RPC_ADDRESS");
    builder.environment().remove("VACCEL_LOG_FILE");
    builder.environment().putAll(environment);
    return new AgentProcess(builder.start());
  }

  /** Waits up to two minutes for it, and ends the process when it does not come. */
  void awaitLine(String part) throws IOException {
    CompletableFuture<Void> impatience =
        CompletableFuture.runAsync(
            process::destroyForcibly, CompletableFuture.delayedExecutor(2, TimeUnit.MINUTES));
    try {
      String line = output.readLine();
      while (line != null) {
        lines.add(line);
        if (line.contains(part)) {
          return;
        }
        line = output.readLine();
      }
    } finally {
      impatience.cancel(false);
    }
    throw new AssertionError("it ended without '" + part + "': " + lines);
  }

  /** SIGTERM; {@link Process#destroy} would also close what the program still writes to. */
  void stop() {
    process.toHandle().destroy();
  }

  /** SIGHUP. */
  void hangUp() throws IOException {
    // The shell's own: a minimal Debian has no program of this name.
    new ProcessBuilder("sh", "-c", "kill -HUP " + process.pid()).start();
  }

  /** SIGKILL; done when it is gone. */
  void kill() throws InterruptedException {
    process.toHandle().destroyForcibly();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).describedAs("it ends").isTrue();
  }

  int exitCode() throws Exception {
    output.lines().forEach(lines::add);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).describedAs("it ends").isTrue();
    return process.exitValue();
  }

  List<String> seen() {
    return lines;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
