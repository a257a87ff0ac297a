package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./vaccel demo} as the README promises it, with the programs that this build has made. */
final class DemoIT {
  private static final int PHOTOGRAPHS = 6;

  @TempDir Path directory;
  private Path tools;

  @BeforeEach
  void noMavenWithinMaven() throws IOException {
    tools = Files.createDirectory(directory.resolve("tools"));
    tool("mvn", "echo 'a test must not build' >&2; exit 1");
  }

  @Test
  void demo_classifiesInAVm_andUploadsOnce() {
    VmLane.UML.assumeReady(directory);

    Programs.Finished demo = demo();

    assertShown(demo);
    assertThat(demo.out()).contains("AF_VSOCK to CID 2", "Booting the guest VM", "vsock:2:2048");
  }

  @Test
  void demoWithoutAVm_usesAUnixSocket() {
    Programs.Finished demo = demo("--no-vm");

    assertShown(demo);
    assertThat(demo.out()).contains("gRPC over a Unix socket").doesNotContain("CID");
  }

  @Test
  void demoWhereNoVmCanBeHad_saysSo_andUsesAUnixSocket() throws IOException {
    tool("uname", "echo Linux aarch64");

    Programs.Finished demo = demo();

    assertShown(demo);
    assertThat(demo.out())
        .contains(
            "the VM lanes are for Linux on x86_64",
            "this is Linux aarch64",
            "no guest VM here",
            "gRPC over a Unix socket");
  }

  /** What Ubuntu is like. */
  @Test
  void demoWhereAptHasNoUserModeLinux_saysWhatToDo_andUsesAUnixSocket() throws IOException {
    tool("apt-cache", "exit 100");
    tool("apt-get", "echo 'a test must not fetch' >&2; exit 100");

    Programs.Finished demo = demo(Map.of("VACCEL_VM_CACHE", directory + "/empty"));

    assertShown(demo);
    assertThat(demo.out())
        .contains(
            "apt knows no package user-mode-linux",
            "Ubuntu has none, but Debian 12's fits",
            "no guest VM here",
            "gRPC over a Unix socket");
  }

  @Test
  void unknownOption_isWrongUsage() {
    assertThat(demo("--nonsense").status()).isEqualTo(2);
    assertThat(demo("--help").out()).contains("Usage: ./vaccel demo");
  }

  private Programs.Finished demo(Object... options) {
    return demo(Map.of(), options);
  }

  private Programs.Finished demo(Map<String, String> more, Object... options) {
    Object[] command = new Object[options.length + 2];
    command[0] = Programs.VACCEL;
    command[1] = "demo";
    System.arraycopy(options, 0, command, 2, options.length);
    Map<String, String> environment = new HashMap<>(more);
    environment.put("PATH", tools + ":" + System.getenv("PATH"));
    environment.put("TMPDIR", directory.toString());
    return Programs.run(directory, environment, command);
  }

  /** The labels, where it was done, the times, and that the model was sent once and then reused. */
  private void assertShown(Programs.Finished demo) {
    assertThat(demo.status()).as("%s%n%s", demo.out(), demo.err()).isZero();
    assertThat(demo.out().lines().filter(line -> line.endsWith("as expected")))
        .as(demo.out())
        .hasSize(PHOTOGRAPHS);
    assertThat(demo.out())
        .contains("uploaded in", "espresso", "Egyptian cat", "plugin onnx", "inference")
        .contains("bytes of the model that had to be sent: 0")
        .doesNotContain("WARN", "ERROR");
    assertThat(directory.toFile().list((parent, name) -> name.startsWith("vaccel-demo"))).isEmpty();
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(tools.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
