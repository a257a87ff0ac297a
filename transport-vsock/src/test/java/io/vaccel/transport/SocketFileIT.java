package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.grpc.Server;
import io.netty.channel.epoll.Epoll;
import java.net.BindException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

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

  @Test
  void file_hasItsModeFromTheBeginning() throws Exception {
    assumeTrue(
        Epoll.isAvailable(), "needs Netty's native epoll: the JDK does not show descriptors");
    try (EventLoops loops = EventLoops.open(EventLoops.Kind.EPOLL, 1);
        WatchService changes = folder.getFileSystem().newWatchService()) {
      var unused = folder.register(changes, StandardWatchEventKinds.ENTRY_MODIFY);
      Server server = start(loops, new Endpoint.Unix(folder + "/s.sock"), "rw-------");
      Files.writeString(folder.resolve("later"), "text");
      WatchKey changed = changes.poll(30, TimeUnit.SECONDS);
      assertThat(changed).isNotNull();
      assertThat(changed.pollEvents())
          .as("a change of the mode would come first")
          .first()
          .extracting(WatchEvent::context)
          .isEqualTo(Path.of("later"));
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void linkInPlaceOfTheFile_isNotFollowed() throws Exception {
    Path victim = Files.writeString(folder.resolve("victim"), "secret");
    Files.setPosixFilePermissions(victim, PosixFilePermissions.fromString("rw-------"));
    Path path = folder.resolve("s.sock");
    ServerSettings open = ServerSettings.builder().socketMode("rw-rw-rw-").build();
    SocketFile file = SocketFile.claim(path.toString(), open);
    Files.createSymbolicLink(path, victim);
    assertThatThrownBy(() -> file.bound(open))
        .isInstanceOf(BindException.class)
        .hasMessage(path + " was replaced while it was made");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(victim)))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest
  @EnumSource
  void file_isGivenToItsOwner(EventLoops.Kind kind) throws Exception {
    assumeTrue(isRoot(), "needs root to give files away");
    Path path = folder.resolve("s.sock");
    try (EventLoops loops = EventLoops.open(kind, 1)) {
      ServerSettings settings =
          ServerSettings.builder()
              .eventLoops(loops)
              .socketMode("rw-rw----")
              .socketOwner("65534")
              .socketGroup("12345")
              .build();
      Server server = Servers.builder(new Endpoint.Unix(path.toString()), settings).build().start();
      assertThat(Files.readAttributes(path, "unix:uid,gid"))
          .containsEntry("uid", 65534)
          .containsEntry("gid", 12345);
      server.shutdownNow().awaitTermination();
    }
    assertThat(path).doesNotExist();
  }

  static List<ServerSettings> ownersWhoAreNobody() {
    return List.of(
        ServerSettings.builder().socketOwner("no-such-one").build(),
        ServerSettings.builder().socketGroup("no-such-one").build());
  }

  @ParameterizedTest
  @MethodSource("ownersWhoAreNobody")
  void ownerWhoIsNobody_isNamed_andNoSocketStays(ServerSettings settings) {
    Path path = folder.resolve("s.sock");
    assertThatThrownBy(
            () -> Servers.builder(new Endpoint.Unix(path.toString()), settings).build().start())
        .rootCause()
        .hasMessage("there is no user or group no-such-one");
    assertThat(path).doesNotExist();
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

  @Test
  void staleSocketOfAnotherUser_isLeftAlone_unlessItIsWhoseSocketsAreMade() throws Exception {
    assumeTrue(isRoot(), "needs root to give files away");
    Path path = folder.resolve("s.sock");
    try (ServerSocketChannel crashed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      crashed.bind(UnixDomainSocketAddress.of(path));
    }
    Files.setAttribute(path, "unix:uid", 65534);
    Endpoint endpoint = new Endpoint.Unix(path.toString());
    assertThatThrownBy(() -> start(EventLoops.shared(), endpoint, "rw-------"))
        .rootCause()
        .hasMessage(path + " is a socket of another user; it is left alone");
    assertThat(path).exists();
    ServerSettings given = ServerSettings.builder().socketOwner("65534").build();
    Servers.builder(endpoint, given).build().start().shutdownNow().awaitTermination();
    assertThat(path).doesNotExist();
  }

  private static boolean isRoot() throws Exception {
    return Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
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
