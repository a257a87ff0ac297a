package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a listener does with the file of its Unix socket, and with what lies in its place. */
class SocketFileIT {
  @TempDir private Path folder;

  private Server start(EventLoops loops, Endpoint endpoint, String mode) throws Exception {
    ServerSettings settings = ServerSettings.builder().eventLoops(loops).socketMode(mode).build();
    return Servers.builder(endpoint, settings).addService(new TestService()).build().start();
  }

  @ParameterizedTest
  @EnumSource
  void file_hasTheModeAndGoesWithTheServer(EventLoops.Kind kind) throws Exception {
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Path path = folder.resolve("s.sock");
      Server server = start(loops, new Endpoint.Unix(path.toString()), "rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
          .isEqualTo("rw-------");
      server.shutdownNow().awaitTermination();
      assertThat(path).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource
  void hybridListener_usesPathAndPort(EventLoops.Kind kind) throws Exception {
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Endpoint endpoint = new Endpoint.Hybrid(folder.resolve("v.sock").toString(), 2048);
      Server server = start(loops, endpoint, "rw-rw----");
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(folder.resolve("v.sock_2048"))))
          .isEqualTo("rw-rw----");
      assertThat(Servers.endpoints(server)).containsExactly(endpoint);
      server.shutdownNow().awaitTermination();
    }
  }

  @ParameterizedTest
  @EnumSource
  void staleSocket_isReplaced(EventLoops.Kind kind) throws Exception {
    Path path = folder.resolve("s.sock");
    try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      crashed.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).as("the JDK leaves the file behind").exists();
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      start(loops, new Endpoint.Unix(path.toString()), "rw-------")
          .shutdownNow()
          .awaitTermination();
    }
  }

  @ParameterizedTest
  @EnumSource
  void liveSocket_isLeftAloneAndNamed(EventLoops.Kind kind) throws Exception {
    Path path = folder.resolve("s.sock");
    try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        EventLoops loops = EventLoops.open(kind, 1)) {
      other.bind(UnixDomainSocketAddress.of(path), 1);
      for (int attempt = 0;
          attempt < 4;
          attempt++) { // Past its backlog, when a connect would block.
        assertThatThrownBy(() -> start(loops, new Endpoint.Unix(path.toString()), "rw-------"))
            .rootCause()
            .hasMessage("address in use: a server already listens on " + path);
      }
      assertThat(path).exists();
    }
  }

  @ParameterizedTest
  @EnumSource
  void regularFile_isLeftAlone(EventLoops.Kind kind) throws Exception {
    Path path = Files.writeString(folder.resolve("s.sock"), "precious");
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      assertThatThrownBy(() -> start(loops, new Endpoint.Unix(path.toString()), "rw-------"))
          .rootCause()
          .hasMessage(path + " exists and is no socket; it is left alone");
    }
    assertThat(path).hasContent("precious");
  }

  @ParameterizedTest
  @EnumSource
  void symbolicLinkToASocket_isLeftAlone(EventLoops.Kind kind) throws Exception {
    Path target = folder.resolve("other.sock");
    try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      crashed.bind(UnixDomainSocketAddress.of(target));
    }
    Path link = Files.createSymbolicLink(folder.resolve("s.sock"), target);
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      assertThatThrownBy(() -> start(loops, new Endpoint.Unix(link.toString()), "rw-------"))
          .rootCause()
          .hasMessageEndingWith("is no socket; it is left alone");
    }
    assertThat(target).exists();
  }

  @ParameterizedTest
  @EnumSource
  void fileOfAnotherServer_isNotRemovedAtTheEnd(EventLoops.Kind kind) throws Exception {
    Path path = folder.resolve("s.sock");
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Server first = start(loops, new Endpoint.Unix(path.toString()), "rw-------");
      Files.delete(path);
      Server second = start(loops, new Endpoint.Unix(path.toString()), "rw-------");
      first.shutdownNow().awaitTermination();
      assertThat(path).exists();
      second.shutdownNow().awaitTermination();
      assertThat(path).doesNotExist();
    }
  }

  @ParameterizedTest
  @EnumSource
  void missingFolder_isNamed(EventLoops.Kind kind) throws Exception {
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      Path path = folder.resolve("none").resolve("s.sock");
      assertThatThrownBy(() -> start(loops, new Endpoint.Unix(path.toString()), "rw-------"))
          .rootCause()
          .hasMessage("there is no folder " + path.getParent());
    }
  }
}
