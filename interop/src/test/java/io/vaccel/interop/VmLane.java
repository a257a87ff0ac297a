package io.vaccel.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A way in which {@code interop/vm/vsock-vm} runs a command in a guest: on which VMM, with whose
 * vsock device. In all hybrid lanes the host's end is the socket {@code v.sock} of the directory.
 */
enum VmLane {
  /** Lane A: User-Mode Linux; AF_VSOCK within the guest. */
  LOOPBACK("uml", 900, "loopback"),

  /** Lane B: User-Mode Linux and our backend. */
  UML("uml", 900, "hybrid"),

  /** Lane B: QEMU and our backend. */
  QEMU("qemu", 600, "hybrid --vmm qemu"),

  /** Lane B: QEMU and rust-vmm's backend. */
  QEMU_RUST_VMM("qemu vhost-device-vsock", 600, "hybrid --vmm qemu --backend vhost-device-vsock"),

  /** Lane C: a QEMU guest at the vhost_vsock of a User-Mode Linux host. */
  NATIVE("native", 1500, "native");

  private final String sets;
  private final long limitSeconds;
  private final String words;

  VmLane(String sets, long limitSeconds, String words) {
    this.sets = sets;
    this.limitSeconds = limitSeconds;
    this.words = words;
  }

  /** Reports the test as not run, and why, where the parts of this lane are missing. */
  void assumeReady(Path directory) {
    assumeTrue(
        this != NATIVE || Boolean.getBoolean("vaccel.native-vsock"),
        "takes half an hour, and is run by: ./vaccel test --native-vsock");
    List<Object> check = new ArrayList<>(List.of(Programs.VM, "check"));
    check.addAll(List.of(sets.split(" ")));
    Programs.Finished checked = Programs.run(directory, check.toArray());
    // One line, as ./vaccel test repeats the first.
    assumeTrue(
        checked.status() == 0,
        () -> "the guest VM '" + words + "': " + checked.out().strip().replace("\n", "; "));
  }

  /** Runs a command in a guest to its end. */
  Programs.Finished run(Path directory, Object... command) {
    assumeReady(directory);
    // The guest ends first, and says what it was about.
    return Programs.run(
        directory, limitSeconds + 30, commandLine(directory, List.of(), command).toArray());
  }

  /** The same in lane C, with a script of the shell for its host. */
  Programs.Finished runWithHost(Path directory, Path hostScript, Object... command) {
    assumeReady(directory);
    List<Object> words =
        commandLine(directory, List.of("--host", "exec bash '" + hostScript + "'"), command);
    return Programs.run(directory, limitSeconds + 30, words.toArray());
  }

  /** Starts a command in a guest, which ends with the process. */
  Process start(Path directory, Object... command) throws IOException {
    assumeReady(directory);
    return Programs.start(
        new ProcessBuilder(text(commandLine(directory, List.of(), command)))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("vm.log").toFile()),
        Map.of());
  }

  /**
   * Starts a command in a guest, whose VMM's socket is where it is said, and waits until the
   * command says that it is ready.
   */
  RunningProgram startAt(Path socket, Path directory, Object... command) {
    List<Object> line = commandLine(directory, List.of("--uds-path", socket), command);
    return new RunningProgram(directory, Map.of(), text(line));
  }

  private static List<String> text(List<Object> words) {
    return words.stream().map(String::valueOf).toList();
  }

  private List<Object> commandLine(Path directory, List<?> more, Object... command) {
    List<Object> line = new ArrayList<>(List.of(Programs.VM));
    line.addAll(List.of(words.split(" ")));
    line.addAll(more);
    // The guest is an emulated machine with one slow processor.
    line.addAll(
        List.of(
            "--limit",
            limitSeconds,
            "--env",
            "VACCEL_JAVA_OPTS=-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
            "--env",
            "VACCEL_RPC_CONNECT_TIMEOUT_MILLIS=300000",
            "--env",
            "VACCEL_RPC_KEEP_ALIVE_MILLIS=600000",
            directory));
    line.addAll(Arrays.asList(command));
    return line;
  }
}
