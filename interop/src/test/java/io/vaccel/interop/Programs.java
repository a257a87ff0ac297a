package io.vaccel.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs the programs of the distributions as a user would: as processes, with their own output. */
final class Programs {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  static final Path AGENT = ROOT.resolve("deploy/target/dist/agent/bin/vaccel-agent");
  static final Path FULL_AGENT = ROOT.resolve("deploy/target/dist/agent-full/bin/vaccel-agent");
  static final Path GUEST = ROOT.resolve("deploy/target/dist/guest/bin/vaccel-guest");
  static final Path VACCEL = ROOT.resolve("vaccel");
  static final Path ENGINE = ROOT.resolve("interop/containers/engine");
  static final Path VM = ROOT.resolve("interop/vm/vsock-vm");
  static final Path MODEL = ROOT.resolve("samples/models/efficientnet-lite0.onnx");

  /** A SavedModel as TensorFlow's Python writes it, with a checkpoint and a vocabulary. */
  static final Path SAVED_MODEL =
      ROOT.resolve("backends/tensorflow/src/test/resources/io/vaccel/backend/tensorflow/words");

  static final Path PHOTOS = ROOT.resolve("samples/photos");

  /** Models that {@code ./vaccel models} fetches, with a photograph and what is seen in it. */
  static final Path ZOO = ROOT.resolve("samples/zoo");

  /** Generous: a guest VM has one slow processor, and the machine may be busy. */
  private static final long LIMIT_SECONDS = 600;

  private Programs() {}

  /** A model of {@link #ZOO}; a test that asks for one that is not there is not run. */
  static Path zoo(String model) {
    Path path = ZOO.resolve(model);
    assumeTrue(Files.exists(path), model + " is not there: run ./vaccel models");
    return path;
  }

  /** Runs a program to its end, in {@code directory}, which also holds its output. */
  static Finished run(Path directory, Object... command) {
    return run(directory, Map.of(), command);
  }

  /** The same with a limit of its own. */
  static Finished run(Path directory, long limitSeconds, Object... command) {
    return run(directory, Map.of(), limitSeconds, command);
  }

  /** The same with additional environment variables. */
  static Finished run(Path directory, Map<String, String> environment, Object... command) {
    return run(directory, environment, LIMIT_SECONDS, command);
  }

  private static Finished run(
      Path directory, Map<String, String> environment, long limitSeconds, Object... command) {
    List<String> words = Arrays.stream(command).map(String::valueOf).toList();
    try {
      Path out = Files.createTempFile(directory, "out", ".txt");
      Path err = Files.createTempFile(directory, "err", ".txt");
      Process process =
          start(
              new ProcessBuilder(words)
                  .directory(directory.toFile())
                  .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                  .redirectOutput(out.toFile())
                  .redirectError(err.toFile()),
              environment);
      try {
        if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
          throw new AssertionError(words + " did not end in " + limitSeconds + " s; " + text(err));
        }
      } finally {
        // Where the test is broken off, by its own time limit: a VM would go on. SIGTERM, so that
        // it cleans up.
        process.destroy();
      }
      return new Finished(process.exitValue(), text(out), text(err));
    } catch (IOException e) {
      throw new AssertionError("cannot run " + words, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Runs {@code vaccel-guest}. */
  static Finished guest(Path directory, Object... arguments) {
    List<Object> command = new ArrayList<>(List.of(GUEST));
    command.addAll(Arrays.asList(arguments));
    return run(directory, command.toArray());
  }

  static Process start(ProcessBuilder builder, Map<String, String> environment) throws IOException {
    // What the machine that runs the tests has set must not reach the programs.
    builder.environment().keySet().removeIf(name -> name.startsWith("VACCEL_"));
    // A busy machine must not make a guest do the work itself.
    builder.environment().put("VACCEL_RPC_CONNECT_TIMEOUT_MILLIS", "60000");
    builder.environment().putAll(environment);
    return builder.start();
  }

  static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.UTF_8);
  }

  /**
   * A program that has ended.
   *
   * @param status its exit status
   * @param out its standard output
   * @param err its standard error
   */
  record Finished(int status, String out, String err) {
    /** Lines of standard error that are not empty. */
    List<String> errorLines() {
      return err.lines().filter(line -> !line.isBlank()).toList();
    }
  }
}
