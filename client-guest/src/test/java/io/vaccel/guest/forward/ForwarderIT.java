package io.vaccel.guest.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client sees of a forwarder, on plain sockets. */
@Timeout(120)
final class ForwarderIT {
  private static final ForwarderSettings DEFAULTS = ForwarderSettings.DEFAULTS;

  @TempDir Path directory;
  private Endpoint listen;
  private Endpoint.Unix agentAt;

  @BeforeEach
  void names() {
    listen = unix("forward.sock");
    agentAt = unix("agent.sock");
  }

  private Endpoint.Unix unix(String name) {
    return new Endpoint.Unix(directory.resolve(name).toString());
  }

  /** "unix" is a socket in the test's directory, "tcp" a free port. */
  private Endpoint endpoint(String kind, String name) {
    return kind.equals("unix") ? unix(name) : Endpoint.parse("tcp:127.0.0.1:0");
  }

  private static Forwarder open(Endpoint listen, Endpoint agent) throws IOException {
    return Forwarder.open(List.of(listen), agent, DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource({"unix,unix", "unix,tcp", "tcp,unix", "tcp,tcp"})
  void bytes_goBothWays(String front, String back) throws IOException {
    try (ByteAgent agent = ByteAgent.echo(endpoint(back, "a"));
        Forwarder forwarder = open(endpoint(front, "f"), agent.endpoint());
        SocketChannel client = Sockets.connect(forwarder.endpoints().get(0))) {
      Sockets.send(client, "hello");
      assertThat(Sockets.receive(client, 5)).isEqualTo("hello");
      assertThat(forwarder.traffic())
          .isEqualTo(new Traffic(1, 1, 0, "hello".length(), "hello".length()));
    }
  }

  @ParameterizedTest
  @CsvSource({"unix,unix", "tcp,unix", "unix,tcp"})
  void endOfOneDirection_leavesTheOtherOpen(String front, String back) throws IOException {
    try (ByteAgent agent = ByteAgent.counting(endpoint(back, "a"));
        Forwarder forwarder = open(endpoint(front, "f"), agent.endpoint());
        SocketChannel client = Sockets.connect(forwarder.endpoints().get(0))) {
      Sockets.send(client, "x".repeat(100_000));
      client.shutdownOutput();
      assertThat(Sockets.rest(client)).isEqualTo("100000");
    }
  }

  @Test
  void whatComesBeforeTheAgentAnswers_isNotLost() throws IOException {
    Endpoint.Hybrid slow = new Endpoint.Hybrid(directory.resolve("v.sock").toString(), 2048);
    try (ServerSocketChannel vmm = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      vmm.bind(UnixDomainSocketAddress.of(slow.path()));
      try (Forwarder forwarder = open(listen, slow);
          SocketChannel client = Sockets.connect(listen)) {
        Sockets.send(client, "hello");
        client.shutdownOutput();
        try (SocketChannel guest = vmm.accept()) {
          assertThat(Sockets.receive(guest, 13)).isEqualTo("CONNECT 2048\n");
          Eventually.isTrue("it is dialled", () -> forwarder.traffic().accepted() == 1);
          Sockets.send(guest, "OK 1\n");
          assertThat(Sockets.rest(guest)).isEqualTo("hello");
        }
      }
    }
  }

  @Test
  void halfClosedConnection_thatMovesNothing_ends() throws IOException {
    ForwarderSettings impatient =
        new ForwarderSettings(
            "rw-------", false, 10, Duration.ofSeconds(5), Duration.ofMillis(100));
    try (ByteAgent agent = ByteAgent.deaf(agentAt);
        Forwarder forwarder = Forwarder.open(List.of(listen), agentAt, impatient);
        SocketChannel client = Sockets.connect(listen)) {
      Sockets.send(client, "hello");
      client.shutdownOutput();
      assertThat(Sockets.ends(client)).isTrue();
      Eventually.isTrue("the agent's end is closed too", () -> forwarder.traffic().open() == 0);
      assertThat(agent.endpoint()).isEqualTo(agentAt);
    }
  }

  @Test
  void clientThatVanishes_endsTheAgentsConnection() throws Exception {
    try (ByteAgent agent = ByteAgent.echo(agentAt);
        Forwarder forwarder = open(listen, agentAt)) {
      try (SocketChannel client = Sockets.connect(listen)) {
        Sockets.send(client, "hello");
        assertThat(Sockets.receive(client, 5)).isEqualTo("hello");
      }
      assertThat(forwarder.drain(Duration.ofSeconds(60))).isTrue();
      Eventually.isTrue("the agent's end closes", () -> agent.connections() == 0);
    }
  }

  @Test
  void agentThatIsNotThere_closesTheClientAtOnce_andIsFoundWhenItComes() throws IOException {
    try (Forwarder forwarder = open(listen, agentAt)) {
      try (SocketChannel client = Sockets.connect(listen)) {
        assertThat(Sockets.ends(client)).isTrue();
      }
      assertThat(forwarder.traffic().unreachable()).isEqualTo(1);
      try (ByteAgent agent = ByteAgent.echo(agentAt);
          SocketChannel client = Sockets.connect(listen)) {
        Sockets.send(client, "hello");
        assertThat(Sockets.receive(client, 5)).isEqualTo("hello");
        agent.dropConnections();
        assertThat(Sockets.ends(client)).as("the agent dropped it").isTrue();
      }
    }
  }

  @Test
  void hybridAgent_isAskedForItsPort_andItsFirstBytesArrive() throws IOException {
    Endpoint.Hybrid hybrid = new Endpoint.Hybrid(directory.resolve("v.sock").toString(), 2048);
    try (ServerSocketChannel vmm = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      vmm.bind(UnixDomainSocketAddress.of(hybrid.path()));
      try (Forwarder forwarder = open(listen, hybrid);
          SocketChannel client = Sockets.connect(listen);
          SocketChannel guest = vmm.accept()) {
        assertThat(Sockets.receive(guest, 13)).isEqualTo("CONNECT 2048\n");
        Sockets.send(guest, "OK 1073741824\nwelcome");
        assertThat(Sockets.receive(client, 7)).isEqualTo("welcome");
        Sockets.send(client, "thanks");
        assertThat(Sockets.receive(guest, 6)).isEqualTo("thanks");
        // The VMM knows no half-close: the end of one direction is the end of both.
        client.shutdownOutput();
        assertThat(Sockets.ends(guest)).isTrue();
        assertThat(Sockets.ends(client)).isTrue();
        assertThat(forwarder.traffic().unreachable()).isZero();
      }
    }
  }

  @Test
  void connectionBeyondTheLimit_isClosed_andTheOthersGoOn() throws IOException {
    ForwarderSettings two =
        new ForwarderSettings("rw-------", false, 2, Duration.ofSeconds(5), Duration.ofMinutes(1));
    try (ByteAgent agent = ByteAgent.echo(agentAt);
        Forwarder forwarder = Forwarder.open(List.of(listen), agentAt, two);
        SocketChannel first = Sockets.connect(listen);
        SocketChannel second = Sockets.connect(listen);
        SocketChannel third = Sockets.connect(listen)) {
      assertThat(Sockets.ends(third)).isTrue();
      for (SocketChannel client : List.of(first, second)) {
        Sockets.send(client, "hello");
        assertThat(Sockets.receive(client, 5)).isEqualTo("hello");
      }
      assertThat(agent.connections()).isEqualTo(2);
      assertThat(forwarder.traffic().accepted()).isEqualTo(2);
    }
  }

  @Test
  void socket_isForItsOwnerAlone_andGoneAfterwards() throws IOException {
    Path file = Path.of(((Endpoint.Unix) listen).path());
    try (Forwarder forwarder = open(listen, agentAt)) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(forwarder.endpoints()).containsExactly(listen);
    }
    assertThat(file).doesNotExist();
  }

  @Test
  void drain_letsAnOpenConnectionEnd_andAcceptsNoMore() throws Exception {
    try (ByteAgent agent = ByteAgent.echo(agentAt);
        Forwarder forwarder = open(listen, agentAt)) {
      try (SocketChannel client = Sockets.connect(listen)) {
        Sockets.send(client, "a");
        assertThat(Sockets.receive(client, 1)).isEqualTo("a");
        assertThat(forwarder.drain(Duration.ofMillis(50))).isFalse();
        assertThatThrownBy(() -> Sockets.connect(listen)).isInstanceOf(IOException.class);
        Sockets.send(client, "b");
        assertThat(Sockets.receive(client, 1)).isEqualTo("b");
      }
      assertThat(forwarder.drain(Duration.ofSeconds(60))).isTrue();
      assertThat(agent.endpoint()).isEqualTo(agentAt);
    }
  }

  @Test
  void twoForwardersOnOneSocket_secondFailsWithOneLine() throws IOException {
    try (Forwarder first = open(listen, agentAt)) {
      assertThatThrownBy(() -> open(listen, agentAt))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "cannot listen on %s: address in use: a server already listens on %s",
              listen, ((Endpoint.Unix) listen).path());
      assertThat(first.endpoints()).hasSize(1);
    }
  }

  @Test
  void otherMachines_areKeptOutUnlessAllowed() throws IOException {
    Endpoint everywhere = Endpoint.parse("tcp:0.0.0.0:0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(everywhere, agentAt))
        .withMessageContaining("not on the loopback");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> open(Endpoint.parse("vsock:any:2048"), agentAt))
        .withMessageContaining("unix:PATH or tcp:127.0.0.1:PORT");
    ForwarderSettings open =
        new ForwarderSettings("rw-------", true, 1, Duration.ofSeconds(5), Duration.ofMinutes(1));
    try (Forwarder forwarder = Forwarder.open(List.of(everywhere), agentAt, open)) {
      assertThat(forwarder.endpoints()).hasSize(1);
    }
  }
}
