package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code forward} refuses before it listens; the rest is in {@code ForwarderIT}. */
class ForwardCommandTest {
  @TempDir Path directory;

  private final Guest guest = new Guest(FakePlugin.local());

  private void assertUsage(String problem, Object... arguments) {
    assertThat(guest.run(arguments)).isEqualTo(2);
    assertThat(guest.err())
        .isEqualTo("vaccel-guest: " + problem + "\nTry 'vaccel-guest forward --help'.\n");
  }

  @Test
  void withoutAnAgent_isWrongUsage() {
    assertUsage(
        "name the agent: --agent or VACCEL_RPC_ADDRESS", "forward", "--listen", "unix:f.sock");
  }

  @Test
  void agentInTheEnvironmentThatIsNone_isWrongUsage() {
    guest.with("VACCEL_RPC_ADDRESS", "vsock:2");
    assertUsage(
        "VACCEL_RPC_ADDRESS: endpoint \"vsock:2\": write vsock:CID:PORT",
        "forward",
        "--listen",
        "unix:f.sock");
  }

  @Test
  void listenerThatOthersReach_isWrongUsage() {
    assertUsage(
        "tcp:0.0.0.0:0 is not on the loopback: whoever reaches it would be this guest to the agent"
            + " (--allow-remote-clients)",
        "forward",
        "--listen",
        "tcp:0.0.0.0:0",
        "--agent",
        "unix:a.sock");
  }

  @Test
  void socketThatCannotBe_isOneLine() {
    String socket = "unix:" + directory.resolve("none/f.sock");
    assertThat(guest.run("forward", "--listen", socket, "--agent", "unix:a.sock")).isEqualTo(1);
    assertThat(guest.err())
        .isEqualTo(
            "vaccel-guest: forward: cannot listen on %s: there is no folder %s%n"
                .formatted(socket, directory.resolve("none")));
  }

  @Test
  void modeThatIsNone_isWrongUsage() {
    assertUsage(
        "socketMode \"0600\" is not of the form rw-------",
        "forward",
        "--listen",
        "unix:" + directory.resolve("f"),
        "--agent",
        "unix:a.sock",
        "--socket-mode",
        "0600");
  }
}
