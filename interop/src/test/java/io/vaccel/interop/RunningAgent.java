package io.vaccel.interop;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A {@code vaccel-agent} process that is ready; closing it ends it with SIGTERM. */
final class RunningAgent extends RunningProgram {
  private RunningAgent(Path directory, Map<String, String> environment, List<String> command) {
    super(directory, environment, command);
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
    return start(Programs.AGENT, directory, environment, listen, more);
  }

  /** The same with the program of another distribution. */
  static RunningAgent start(
      Path program,
      Path directory,
      Map<String, String> environment,
      String listen,
      String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                program.toString(),
                "--listen",
                listen,
                "--state",
                directory.resolve("state").toString()));
    command.addAll(Arrays.asList(more));
    return new RunningAgent(directory, environment, command);
  }
}
