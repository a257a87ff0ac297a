package io.vaccel.plugin.vsock;

import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.transport.Endpoint;
import java.util.Optional;

/**
 * Reads {@code VACCEL_RPC_ADDRESS}: an {@link Endpoint}, or the URL by which vAccel's own plugins
 * name an agent, so that an environment made for those keeps working.
 *
 * <p>vAccel writes {@code vsock://2:2048}, {@code unix:///run/agent.sock} and {@code
 * tcp://host:port}.
 */
final class AgentAddress {
  private AgentAddress() {}

  /**
   * The agent's endpoint; empty when none is set.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when what is set is no endpoint
   */
  static Optional<Endpoint> of(Settings settings) {
    return settings.get(Settings.RPC_ADDRESS).map(AgentAddress::parse);
  }

  private static Endpoint parse(String text) {
    try {
      return Endpoint.parse(text.replaceFirst("^(vsock|unix|tcp)://", "$1:"));
    } catch (IllegalArgumentException e) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID,
          Settings.RPC_ADDRESS + " is not an agent's endpoint: " + e.getMessage(),
          e);
    }
  }

  /** What an agent has to listen on to be reached at this endpoint, and what to type for it. */
  static String hint(Endpoint endpoint) {
    if (endpoint instanceof Endpoint.Hybrid hybrid) {
      return "is the VM up, and does an agent in it listen on vsock port " + hybrid.port() + "?";
    }
    Endpoint listen =
        endpoint instanceof Endpoint.Vsock vsock ? Endpoint.Vsock.any(vsock.port()) : endpoint;
    return "is an agent running there? Start one with: vaccel-agent --listen " + listen;
  }
}
