package io.vaccel.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RawServerIT {
  @TempDir static Path directory;

  private static RawServerProcess server;

  @BeforeAll
  static void start() throws Exception {
    server = RawServerProcess.start(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
    assertThat(server.process().handle().isAlive()).isFalse();
  }

  @Test
  void exchange_movesAllBytesBothWays() throws Exception {
    for (SocketAddress address : List.of(server.unix(), server.tcp())) {
      try (SocketChannel connection = SocketChannel.open(address)) {
        ByteBuffer request = ByteBuffer.allocate(8 + 3_000_000).putInt(3_000_000).putInt(1_000_001);
        RawSocket.writeFully(connection, request.rewind());
        ByteBuffer answer = ByteBuffer.allocate(1_000_001);
        assertThat(RawSocket.readFully(connection, answer)).isTrue();

        connection.shutdownOutput();
        assertThat(connection.read(ByteBuffer.allocate(1))).isEqualTo(-1);
      }
    }
  }

  @Test
  void socket_canBeUsedAgainAndAgain() throws Exception {
    try (RawSocket unix = RawSocket.connect(server.unix(), 64, 1 << 20);
        RawSocket tcp = RawSocket.connect(server.tcp(), 1 << 20, 64)) {
      for (int i = 0; i < 10; i++) {
        unix.exchange();
        tcp.exchange();
      }
    }
  }

  @Test
  void absurdSize_endsTheConnectionAndNotTheServer() throws Exception {
    try (SocketChannel connection = SocketChannel.open(server.unix())) {
      RawSocket.writeFully(connection, ByteBuffer.allocate(8).putInt(-1).putInt(1).flip());
      assertThat(connection.read(ByteBuffer.allocate(1))).isEqualTo(-1);
    }
    try (RawSocket socket = RawSocket.connect(server.unix(), 1, 1)) {
      socket.exchange();
    }
  }

  @Test
  void serverThatIsGone_isAnError() throws Exception {
    Path own = directory.resolve("own");
    java.nio.file.Files.createDirectory(own);
    RawServerProcess shortLived = RawServerProcess.start(own);
    try (RawSocket socket = RawSocket.connect(shortLived.unix(), 1, 1)) {
      socket.exchange();
      shortLived.close();
      assertThatThrownBy(socket::exchange).isInstanceOf(java.io.IOException.class);
    }
    assertThatThrownBy(
            () -> RawSocket.connect(UnixDomainSocketAddress.of(own.resolve("nobody")), 1, 1))
        .isInstanceOf(java.io.IOException.class)
        .isNotInstanceOf(EOFException.class);
  }
}
