package io.vaccel.plugin.vsock;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.contract.EchoContract;
import io.vaccel.spi.Plugin;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The plugin keeps the promises of every plugin, with an agent behind it. */
final class VsockPluginIT implements EchoContract {
  @TempDir private Path directory;
  private FakeAgent agent;

  @BeforeEach
  void start() {
    agent = FakeAgent.start(directory.resolve("agent.sock"));
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  @Override
  public Vaccel open() {
    Plugin plugin =
        new VsockPluginProvider()
            .create(new Settings(Map.of(Settings.RPC_ADDRESS, agent.endpoint().toString())));
    return Vaccel.builder().plugin(plugin).load();
  }
}
