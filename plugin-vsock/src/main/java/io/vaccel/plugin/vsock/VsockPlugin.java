package io.vaccel.plugin.vsock;

import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.time.Clock;

/**
 * The plugin {@code vsock}: performs operations by asking the agent at one endpoint. All its
 * sessions share one connection.
 */
final class VsockPlugin implements Plugin {
  private final Connection connection;
  private final Agent agent;

  /** Owns the connection. */
  VsockPlugin(Connection connection, ClientSettings settings, Clock clock) {
    this.connection = connection;
    Rpc rpc = new Rpc(connection);
    Farewells farewells = new Farewells(connection, rpc, settings.farewellTime());
    Breaker breaker = new Breaker(connection.endpoint(), settings.probeInterval(), clock);
    this.agent =
        new Agent(
            connection.endpoint(),
            settings,
            rpc,
            connection,
            breaker,
            new Attempts(breaker, settings.retries()),
            new TimeLimit(settings.timeLimit(), breaker),
            new AgentView(connection, rpc, breaker, settings, clock),
            new Buffers(rpc, farewells),
            new ContentUpload(rpc),
            new LeaseKeeper(rpc),
            farewells);
  }

  @Override
  public String name() {
    return VsockPluginProvider.NAME;
  }

  @Override
  public String place() {
    return connection.endpoint().toString();
  }

  @Override
  public Capabilities capabilities() {
    return agent.view().capabilities();
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    return new AgentSession(agent);
  }

  @Override
  public void close() {
    agent.leases().close();
    agent.farewells().await();
    connection.close();
  }
}
