package io.vaccel.transport;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import java.io.IOException;
import java.util.Optional;

/** One way to connect a client to a server, as {@link TransportContract} wants it. */
interface TransportUnderTest extends AutoCloseable {

  /** A started server with the service and limits; the next ones listen in the same place. */
  Server start(TestService service, ServerLimits limits) throws IOException;

  /** Ends the server's connections as the death of its process would: without a word. */
  void crash();

  /** A new channel to where the server listens, or did. */
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
