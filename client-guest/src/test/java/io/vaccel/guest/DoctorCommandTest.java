package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.program.doctor.Machine;
import io.vaccel.spi.Plugin;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {
  @TempDir Path root;
  private final StringWriter out = new StringWriter();
  private final FakePlugin remote = FakePlugin.remote();

  private int run(RuntimeSource source, String... arguments) {
    Console console =
        new Console(new PrintWriter(out), new PrintWriter(out), Guest.PIPE, Guest.PIPE);
    Settings none = new Settings(Map.of());
    Machine machine = new Machine(root, path -> true, endpoint -> false, endpoint -> false);
    return new CommandLine(new DoctorCommand(console, new RuntimeOptions(none, source), machine))
        .execute(arguments);
  }

  private RuntimeSource with(Plugin plugin) {
    return (settings, timeout) -> Vaccel.builder().settings(settings).plugin(plugin).load();
  }

  private ServerSocketChannel listening() throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(root.resolve("a.sock")));
    return server;
  }

  private String agent() {
    return "--agent=unix:" + root.resolve("a.sock");
  }

  @Test
  void guestWithoutVsock_isToLoadTheModule_andNothingIsConnected() {
    RuntimeSource never =
        (settings, timeout) -> {
          throw new AssertionError("opened although the way is closed");
        };
    assertThat(run(never, "--agent", "vsock:2:2048")).isEqualTo(1);
    assertThat(out.toString()).contains("the module vsock is not loaded", "sudo modprobe vsock");
  }

  @Test
  void endpointThatIsNone_isTold() {
    assertThat(run(with(remote), "--agent", "vsock:2")).isEqualTo(1);
    assertThat(out.toString()).contains("write vsock:CID:PORT", "--agent vsock:2:2048");
  }

  @Test
  void socketThatIsNotThere_namesTheAgentAndTheForwarder() {
    assertThat(run(with(remote), agent())).isEqualTo(1);
    assertThat(out.toString()).contains("no such socket", "vaccel-guest forward");
  }

  @Test
  void agentOfAnotherProtocol_isToBeOfTheSameVersion() throws IOException {
    remote.unusable(Reason.AGENT_UNREACHABLE, "no vaccel.v1 there");
    try (ServerSocketChannel server = listening()) {
      assertThat(server.isOpen()).isTrue();
      assertThat(run(with(remote), agent())).isEqualTo(1);
    }
    assertThat(out.toString()).contains("no vaccel.v1 there", "the same version on both sides");
  }

  @Test
  void agentOfAnotherVersion_isANote() throws IOException {
    try (ServerSocketChannel server = listening()) {
      assertThat(server.isOpen()).isTrue();
      assertThat(run(with(remote), agent(), "--json")).isZero();
    }
    assertThat(JsonParser.parseString(out.toString()).getAsJsonObject().get("problems").getAsInt())
        .isZero();
    assertThat(out.toString()).contains("the agent is of version 0.1.0, this program of");
  }

  @Test
  void noAgentAndNoUsablePlugin_isAProblem() {
    FakePlugin broken = FakePlugin.local().unusable(Reason.INTERNAL, "no engine");
    assertThat(run(with(broken))).isEqualTo(1);
    assertThat(out.toString()).contains("none is named", "no engine", "no plugin is usable");
  }

  @Test
  void pluginsThatAreNotThere_areNamed() {
    assertThat(run(RuntimeSource.CLASS_PATH, "--plugins", "cuda")).isEqualTo(1);
    assertThat(out.toString()).contains("VACCEL_PLUGINS names 'cuda'", "correct VACCEL_PLUGINS");
  }
}
