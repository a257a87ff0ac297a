package io.vaccel.guest.forward;

/**
 * What a {@link Forwarder} has carried since it started.
 *
 * @param open connections open now
 * @param accepted connections accepted, those open included
 * @param unreachable those of them that were closed because the agent could not be reached
 * @param bytesToAgent bytes read from clients
 * @param bytesToClients bytes read from the agent
 */
public record Traffic(
    long open, long accepted, long unreachable, long bytesToAgent, long bytesToClients) {

  @Override
  public String toString() {
    return "open=%d accepted=%d unreachable=%d bytesToAgent=%d bytesToClients=%d"
        .formatted(open, accepted, unreachable, bytesToAgent, bytesToClients);
  }
}
