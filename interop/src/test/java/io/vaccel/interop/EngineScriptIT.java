package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code interop/containers/engine} where no Docker engine runs, and none can be started. */
final class EngineScriptIT {
  @TempDir Path directory;

  @Test
  void noEngine_isNone_withoutAWord() throws IOException {
    tool("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");

    Programs.Finished there = engine("there");

    assertThat(there.status()).isEqualTo(1);
    assertThat(there.out() + there.err()).isEmpty();
  }

  @Test
  void whoMayNotStartOne_isToldSo() throws IOException {
    tool("docker", "exit 1");
    tool("id", "echo 1000");

    Programs.Finished start = engine("start", directory.resolve("data"));

    assertThat(start.status()).isEqualTo(1);
    assertThat(start.out()).isEmpty();
    assertThat(start.errorLines())
        .singleElement()
        .asString()
        .endsWith("no Docker engine runs here, and only root may start one");
  }

  @Test
  void engineThatDoesNotStart_isToldWithWhatItSaid() throws IOException {
    tool("docker", "exit 1");
    tool("id", "echo 0");
    tool("iptables", "exit 0");
    tool("dockerd", "echo 'failed to mount overlay: operation not permitted'; exit 1");

    Programs.Finished start = engine("start", directory.resolve("data"));

    assertThat(start.status()).isEqualTo(1);
    assertThat(start.errorLines())
        .singleElement()
        .asString()
        .endsWith("did not start: failed to mount overlay: operation not permitted");
  }

  private Programs.Finished engine(Object... arguments) {
    Object[] command = new Object[arguments.length + 1];
    command[0] = Programs.ENGINE;
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return Programs.run(
        directory, Map.of("PATH", directory + ":" + System.getenv("PATH")), command);
  }

  private void tool(String name, String script) throws IOException {
    Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
