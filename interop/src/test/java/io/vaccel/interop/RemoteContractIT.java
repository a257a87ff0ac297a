package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.agent.Agent;
import io.vaccel.agent.AgentLoad;
import io.vaccel.agent.Limit;
import io.vaccel.agent.Quota;
import io.vaccel.contract.ClassifyContract;
import io.vaccel.contract.EchoContract;
import io.vaccel.contract.ModelContract;
import io.vaccel.plugin.vsock.VsockPluginProvider;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Remoting is faithful: what every plugin promises holds for the same plugins at an agent,
 * whichever way leads there.
 */
final class RemoteContractIT {
  private static final String IN_PROCESS = "remote-contract";

  @TempDir static Path directory;

  private static Vaccel host;
  private static Agent agent;
  private static Endpoint unix;
  private static Endpoint tcp;

  @BeforeAll
  static void startAgent() throws IOException {
    host = Vaccel.builder().set(Settings.PLUGINS, "image:onnx:reference").load();
    agent =
        Agent.builder(host, directory.resolve("state"))
            // The contract makes 200 calls at once, more than an agent lets a stranger make.
            .quota(Quota.defaults().with(Limit.CALLS_PER_PEER, 256))
            .listen(new Endpoint.Unix(directory.resolve("a.sock").toString()))
            .listen(Endpoint.parse("tcp:127.0.0.1:0"))
            .inProcess(IN_PROCESS)
            .start();
    unix = agent.endpoints().get(0);
    tcp = agent.endpoints().get(1);
  }

  @AfterAll
  static void agentIsAsBefore_andStops() {
    // Good and bad calls alike left nothing: no session, no buffer, no call.
    AgentLoad load = agent.load();
    agent.close();
    host.close();
    assertThat(load.sessions()).as("%s", load).isZero();
    assertThat(load.bufferBytes()).as("%s", load).isZero();
    assertThat(load.calls()).as("%s", load).isZero();
  }

  private static Vaccel at(Endpoint endpoint) {
    return Vaccel.builder()
        .set(Settings.PLUGINS, VsockPluginProvider.NAME)
        .set(Settings.RPC_ADDRESS, endpoint.toString())
        .load();
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class InProcess implements EchoContract, ModelContract, ClassifyContract {
    @Override
    public Vaccel open() {
      ManagedChannel channel = InProcessChannelBuilder.forName(IN_PROCESS).build();
      return Vaccel.builder()
          .plugin(VsockPluginProvider.over(channel, unix, Settings.ofEnvironment()))
          .load();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class OverUnix implements EchoContract, ModelContract, ClassifyContract {
    @Override
    public Vaccel open() {
      return at(unix);
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class OverTcp implements EchoContract, ModelContract, ClassifyContract {
    @Override
    public Vaccel open() {
      return at(tcp);
    }
  }
}
