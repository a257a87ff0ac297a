package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./vaccel} where packages are missing. */
final class SetupIT {
  private static final Set<String> ABSENT = Set.of("npm", "make");

  @TempDir Path directory;

  @Test
  void whoMayNotInstall_isToldTheLineToRun() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/apt-get")), "needs apt-get: Debian or Ubuntu");
    tool("id", "echo 1000");
    tool("sudo", "exit 1");
    tool("apt-get", "echo 'a test must not install' >&2; exit 1");

    // All that this machine has, but what one program for the tests and one for the VM come in.
    for (String place : List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")) {
      try (Stream<Path> programs = Files.list(Path.of(place))) {
        for (Path program : programs.toList()) {
          Path link = directory.resolve(program.getFileName());
          if (!ABSENT.contains(program.getFileName().toString())
              && !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
            Files.createSymbolicLink(link, program);
          }
        }
      }
    }

    Programs.Finished setup =
        Programs.run(
            directory,
            Map.of(
                "PATH",
                directory.toString(),
                "VACCEL_VM_CACHE",
                directory.resolve("no-vm").toString(),
                "JAVA_HOME",
                directory.resolve("no-jdk").toString()),
            Programs.VACCEL,
            "setup");

    assertThat(setup.status()).isEqualTo(1);
    assertThat(setup.err())
        .contains(
            "all of this needs packages that are not installed. Run: sudo apt-get update"
                + " && sudo apt-get install --no-install-recommends ")
        .contains("jdk-headless", " npm", " make")
        .doesNotContain("must not install");
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
