package io.vaccel.transport;

import io.grpc.ManagedChannel;
import java.util.Optional;

/** One way to connect a client to a server, as {@link TransportContract} wants it. */
interface TransportUnderTest extends AutoCloseable {

  /** The server's side. */
  ServersUnderTest servers();

  /** A new channel to where the servers listen, or did. */
  ManagedChannel channel();

  /** What the server must say about this client. */
  boolean isExpected(String owner, String text);

  /**
   * Where the client connects to; empty where there is no socket, and with it neither refusal,
   * crash nor garbage.
   */
  Optional<Endpoint> endpoint();

  /** The settings of the client. */
  ChannelSettings settings();

  @Override
  void close();
}
