package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transport's contract between a guest and its host, in both directions (lane B). */
final class TransportVmIT {
  private static final int CONTROL = 2047;
  private static final int PORT = 2048;

  /** Of a guest on one processor. */
  private static final int SLOWNESS = 3;

  @TempDir Path directory;

  @BeforeEach
  void aLane() {
    VmLane.UML.assumeReady(directory);
  }

  @Test
  void clientInTheGuest_serversOnTheHost() throws Exception {
    Process servers =
        Programs.start(
            new ProcessBuilder(VmTests.contractServer(hybrid(CONTROL), hybrid(PORT)))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("servers.log").toFile()),
            Map.of());
    try {
      VmTests.assertPassed(
          VmLane.UML.run(
              directory,
              VmTests.contract(
                      "vsock:2:" + CONTROL, "vsock:2:" + PORT, "hybrid:" + socket(), SLOWNESS)
                  .toArray()));
    } finally {
      servers.destroyForcibly().waitFor();
    }
  }

  @Test
  void clientOnTheHost_serversInTheGuest() throws Exception {
    Process guest =
        VmLane.UML.start(
            directory,
            VmTests.contractServer("vsock:any:" + CONTROL, "vsock:any:" + PORT).toArray());
    try {
      Programs.Finished client =
          Programs.run(
              directory,
              VmTests.contract(hybrid(CONTROL), hybrid(PORT), "vsock:2", SLOWNESS).toArray());
      assertThat(guest.isAlive()).as("the guest: %s", guestLog()).isTrue();
      VmTests.assertPassed(client);
    } finally {
      guest.destroy(); // SIGTERM, so that it cleans up.
      guest.waitFor();
    }
  }

  private Path socket() {
    return directory.resolve("v.sock");
  }

  private String hybrid(int port) {
    return "hybrid:" + socket() + ":" + port;
  }

  private String guestLog() throws IOException {
    return Programs.text(directory.resolve("vm.log"));
  }
}
