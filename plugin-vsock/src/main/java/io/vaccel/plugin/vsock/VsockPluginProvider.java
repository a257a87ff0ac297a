package io.vaccel.plugin.vsock;

import io.grpc.ManagedChannel;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;
import io.vaccel.transport.Endpoint;
import java.time.Clock;
import java.util.Optional;

/** Makes the plugin {@code vsock}, whose work happens at the agent that the settings name. */
public final class VsockPluginProvider implements PluginProvider {
  /** The plugin's name. */
  public static final String NAME = "vsock";

  private static final String UNSET =
      Settings.RPC_ADDRESS
          + " is not set; set it to the agent's endpoint, for instance vsock:2:2048";

  /** For {@link java.util.ServiceLoader}. */
  public VsockPluginProvider() {}

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int order() {
    return REMOTE;
  }

  @Override
  public Plugin create(Settings settings) {
    try {
      Optional<Endpoint> endpoint = AgentAddress.of(settings);
      if (endpoint.isEmpty()) {
        return new UnusablePlugin(Reason.NO_PLUGIN, UNSET);
      }
      ClientSettings client = ClientSettings.of(settings);
      Connection connection = Connection.open(endpoint.get(), client);
      return new VsockPlugin(connection, client, Clock.systemUTC());
    } catch (VaccelException e) {
      return new UnusablePlugin(e.reason(), e.text());
    }
  }

  /**
   * The plugin over a channel of the caller's making, for instance to an agent in this process.
   *
   * @param channel belongs to the plugin from now on; it should not repeat calls by itself
   * @param name what results and errors call the agent
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} for a setting that is not valid
   */
  public static Plugin over(ManagedChannel channel, Endpoint name, Settings settings) {
    ClientSettings client = ClientSettings.of(settings);
    return new VsockPlugin(Connection.over(channel, name, client), client, Clock.systemUTC());
  }
}
