package io.vaccel.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A script of the shell for a machine of a VM lane. It works in the directory of the test and ends
 * at the first command that fails.
 */
final class VmScript {
  private final Path directory;
  private final List<String> lines = new ArrayList<>();
  private final List<String> ending = new ArrayList<>();
  private final List<String> atEnd = new ArrayList<>();

  /** A script that works, and is written, in this directory. */
  VmScript(Path directory) {
    this.directory = directory;
  }

  /**
   * Starts a program, waits until it says that it is ready, and at the end of the script ends it
   * with SIGTERM; what it says is in {@code NAME.log}.
   *
   * @param name a word of letters
   */
  VmScript start(String name, Object... command) {
    lines.add(words(command) + " > " + name + ".log 2>&1 &");
    lines.add(name + "=$!");
    // An emulated machine takes its time, but not when the program has ended.
    lines.add(
        "until grep -q ready NAME.log; do kill -0 $NAME || { cat NAME.log; exit 1; }; sleep 0.1; done"
            .replace("NAME", name));
    ending.add("kill $" + name);
    ending.add("wait $" + name);
    return this;
  }

  /** Starts an agent on port 2048 of AF_VSOCK, for programs of the same machine. */
  VmScript startAgent(String... more) {
    List<Object> command =
        new ArrayList<>(
            List.of(
                Programs.AGENT,
                "--listen",
                "vsock:any:2048",
                "--allow-cid",
                "1",
                "--state",
                "state"));
    command.addAll(List.of(more));
    return start("agent", command.toArray());
  }

  /** Runs a program to its end. */
  VmScript run(Object... command) {
    return shell(words(command));
  }

  /** The same, with its standard output in a file of the directory. */
  VmScript runTo(String file, Object... command) {
    return shell(words(command) + " > " + file);
  }

  /** Becomes a program, until somebody ends it; what it says is in {@code NAME.log}. */
  VmScript become(String name, Object... command) {
    return shell("exec " + words(command) + " > " + name + ".log 2>&1");
  }

  /** A line for the shell as it stands. */
  VmScript shell(String line) {
    lines.add(line);
    return this;
  }

  /** A line for the shell when the script has ended in whichever way; first, $? is its status. */
  VmScript atEnd(String line) {
    atEnd.add(line);
    return this;
  }

  /** A program to run then. */
  VmScript atEnd(Object... command) {
    return atEnd(words(command));
  }

  /** Writes the script. */
  Path write(String name) throws IOException {
    List<String> all = new ArrayList<>(List.of("set -e", "cd " + quoted(directory)));
    if (!atEnd.isEmpty()) {
      all.add("at_end() {");
      all.addAll(atEnd);
      all.add("}");
      all.add("trap at_end EXIT");
    }
    all.addAll(lines);
    all.addAll(ending);
    return Files.write(directory.resolve(name), all);
  }

  private static String words(Object... command) {
    return Arrays.stream(command).map(VmScript::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(Object word) {
    return "'" + word + "'";
  }
}
