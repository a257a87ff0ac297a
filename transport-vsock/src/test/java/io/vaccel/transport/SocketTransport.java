package io.vaccel.transport;

import io.grpc.ManagedChannel;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/**
 * A transport over sockets: the servers, where to dial them, and who they must take the client for.
 *
 * @param dial where the client connects to
 * @param settings of the client; their event loops are closed at the end
 * @param expectedPeer takes {@link Peer#owner()} and the text of the peer
 * @param vmm what is between the two and closed last
 */
record SocketTransport(
    ServersUnderTest servers,
    Supplier<Endpoint> dial,
    ChannelSettings settings,
    BiPredicate<String, String> expectedPeer,
    AutoCloseable vmm)
    implements TransportUnderTest {

  /** A transport whose client dials what its servers, in this process, listen on. */
  static SocketTransport local(
      Endpoint listen,
      ServerSettings serverSettings,
      ChannelSettings settings,
      BiPredicate<String, String> expectedPeer,
      AutoCloseable vmm) {
    LocalServers servers = new LocalServers(listen, serverSettings);
    return new SocketTransport(servers, servers::endpoint, settings, expectedPeer, vmm);
  }

  @Override
  public ManagedChannel channel() {
    return Channels.open(dial.get(), settings);
  }

  @Override
  public boolean isExpected(String owner, String text) {
    return expectedPeer.test(owner, text);
  }

  @Override
  public Optional<Endpoint> endpoint() {
    return Optional.of(dial.get());
  }

  @Override
  public void close() {
    settings.loops().close();
    servers.close();
    try {
      vmm.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
