package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void limitOfZero_isRefusedByName() {
    assertThatThrownBy(() -> ServerLimits.builder().maxConnections(0).build())
        .hasMessage("maxConnections is 0, it must be more than 0");
    assertThatThrownBy(() -> ServerLimits.builder().handshakeTimeout(Duration.ZERO).build())
        .hasMessage("handshakeTimeout is PT0S, it must be more than 0");
  }

  @Test
  void malformedSocketMode_isRefused() {
    assertThatThrownBy(() -> ServerSettings.builder().socketMode("0600").build())
        .hasMessage("socketMode \"0600\" is not of the form rw-------");
  }

  @Test
  void clientEndpointsOfServers_areRefused() {
    assertThatThrownBy(() -> Channels.open(Endpoint.parse("vsock:any:2048")))
        .hasMessageContaining("vsock:any:2048 is for servers");
  }

  @Test
  void backlog_isAtLeast512() {
    assertThat(ServerLimits.defaults().backlog()).isGreaterThanOrEqualTo(512);
  }

  @Test
  void optionsOfTcp_areSwallowedWithoutAWarning() {
    SocketStreamChannel channel = new SocketStreamChannel(new Endpoint.Unix("/run/s.sock"), 0);
    try {
      assertThat(channel.config().setOption(ChannelOption.SO_KEEPALIVE, true)).isTrue();
      assertThat(channel.config().setOption(EpollChannelOption.TCP_USER_TIMEOUT, 1)).isTrue();
      assertThat(channel.config().setOption(ChannelOption.IP_TOS, 1))
          .as("others are not")
          .isFalse();
    } finally {
      channel.unsafe().closeForcibly();
    }
  }

  @Test
  void vsockWithoutEpoll_saysWhy() {
    try (EventLoops nio = EventLoops.open(EventLoops.Kind.NIO, 1)) {
      ChannelSettings client = ChannelSettings.builder().eventLoops(nio).build();
      ServerSettings server = ServerSettings.builder().eventLoops(nio).build();
      assertThatThrownBy(() -> Channels.open(Endpoint.parse("vsock:2:2048"), client))
          .hasMessageStartingWith("vsock:2:2048 needs native epoll; in use is: NIO");
      assertThatThrownBy(() -> Servers.builder(Endpoint.Vsock.any(2048), server))
          .hasMessageStartingWith("vsock:any:2048 needs native epoll; in use is: NIO");
      assertThat(Availability.toConnect(Endpoint.parse("vsock:2:2048"), nio))
          .isInstanceOfSatisfying(
              Availability.Unavailable.class,
              no -> assertThat(no.reason()).startsWith("vsock needs native epoll; in use is: NIO"));
      assertThat(Availability.toListen(new Endpoint.Unix("/run/s.sock"), nio))
          .isInstanceOf(Availability.Available.class);
    }
  }
}
