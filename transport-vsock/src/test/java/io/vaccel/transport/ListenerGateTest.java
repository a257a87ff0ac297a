package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.SocketAddress;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListenerGateTest {
  private static final Endpoint LISTENER = Endpoint.Vsock.any(2048);

  private static Channel child(SocketAddress remote) {
    return new EmbeddedChannel() {
      @Override
      protected SocketAddress remoteAddress0() {
        return remote;
      }
    };
  }

  private static Channel guest(long cid) {
    return child(new PeerAddress(Optional.of(new Peer.Vsock(cid, 1))));
  }

  private static EmbeddedChannel listener(ServerSettings settings) {
    return new EmbeddedChannel(ListenerGate.http2(LISTENER, settings));
  }

  private static boolean admits(EmbeddedChannel listener, Channel child) {
    listener.writeInbound(child);
    boolean admitted = listener.readInbound() == child;
    assertThat(child.isOpen()).as("admitted and open go together").isEqualTo(admitted);
    return admitted;
  }

  @Test
  void guest_isAdmittedWithAnHttp2Gate() {
    Channel child = guest(3);
    assertThat(admits(listener(ServerSettings.defaults()), child)).isTrue();
    assertThat(child.pipeline().get(Http2Gate.class)).isNotNull();
  }

  @Test
  void peerThatIsGone_isClosed() {
    assertThat(
            admits(listener(ServerSettings.defaults()), child(new PeerAddress(Optional.empty()))))
        .isFalse();
  }

  @Test
  void noAddressAtAll_isClosed() {
    assertThat(admits(listener(ServerSettings.defaults()), child(null))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2})
  void reservedCid_isClosedUnlessAllowed(long cid) {
    assertThat(admits(listener(ServerSettings.defaults()), guest(cid))).isFalse();
    ServerSettings allowing = ServerSettings.builder().allowedReservedCids(Set.of(cid)).build();
    assertThat(admits(listener(allowing), guest(cid))).isTrue();
  }

  @Test
  void largestCid_isAGuest() {
    assertThat(admits(listener(ServerSettings.defaults()), guest(0xFFFF_FFFEL))).isTrue();
  }

  @Test
  void oneOwnersConnections_areLimited_andCountedDown() {
    EmbeddedChannel listener =
        listener(
            ServerSettings.builder()
                .limits(ServerLimits.builder().maxConnectionsPerOwner(2).build())
                .build());
    Channel first = guest(3);
    assertThat(admits(listener, first)).isTrue();
    assertThat(admits(listener, guest(3))).isTrue();
    assertThat(admits(listener, guest(3))).isFalse();
    assertThat(admits(listener, guest(4))).as("another owner has its own").isTrue();
    assertThat(first.close().isSuccess()).isTrue();
    assertThat(admits(listener, guest(3))).isTrue();
  }

  @Test
  void allConnections_areLimited_andCountedDown() {
    EmbeddedChannel listener =
        listener(
            ServerSettings.builder()
                .limits(ServerLimits.builder().maxConnections(2).build())
                .build());
    Channel first = guest(3);
    assertThat(admits(listener, first)).isTrue();
    assertThat(admits(listener, guest(4))).isTrue();
    assertThat(admits(listener, guest(5))).isFalse();
    assertThat(first.close().isSuccess()).isTrue();
    assertThat(admits(listener, guest(5))).isTrue();
  }
}
