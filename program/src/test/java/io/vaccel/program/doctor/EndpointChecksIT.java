package io.vaccel.program.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.program.doctor.Finding.State;
import io.vaccel.transport.Availability;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.EventLoops;
import io.vaccel.transport.ServerSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The checks of endpoints, with the situations themselves. */
@Timeout(60)
final class EndpointChecksIT {
  @TempDir Path directory;

  private Endpoint unix() {
    return new Endpoint.Unix(directory.resolve("a.sock").toString());
  }

  private Endpoint hybrid() {
    return new Endpoint.Hybrid(directory.resolve("v.sock").toString(), 2048);
  }

  private ServerSocketChannel listening(String name) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(directory.resolve(name)));
    return server;
  }

  private static Finding reach(Endpoint endpoint) {
    return new ReachCheck(endpoint, Duration.ofSeconds(20)).findings().get(0);
  }

  private static Finding listen(Endpoint endpoint) {
    return new ListenCheck(endpoint, ServerSettings.defaults()).findings().get(0);
  }

  private static void assertProblem(Finding finding, String found, String advice) {
    assertThat(finding.state()).isEqualTo(State.PROBLEM);
    assertThat(finding.found()).contains(found);
    assertThat(String.join("\n", finding.advice())).contains(advice);
  }

  @Test
  void reach_somebodyListens() throws IOException {
    try (ServerSocketChannel server = listening("a.sock")) {
      assertThat(server.isOpen()).isTrue();
      assertThat(reach(unix()).state()).isEqualTo(State.OK);
    }
  }

  @Test
  void reach_socketIsMissing_orNobodyListensOnIt() throws IOException {
    assertProblem(reach(unix()), "there is no such socket", "vaccel-agent --listen " + unix());
    listening("a.sock").close();
    assertProblem(reach(unix()), "nobody listens there", "vaccel-guest forward");
  }

  @Test
  void reach_tcpPortIsClosed() throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }
    assertProblem(
        reach(new Endpoint.Tcp("127.0.0.1", port)),
        "nobody listens there",
        "vaccel-agent --listen");
  }

  @Test
  void reach_hybridPathIsMissing_orNotConnectable() throws IOException {
    assertProblem(reach(hybrid()), "there is no such socket", "is the VM running");
    listening("v.sock").close();
    assertProblem(reach(hybrid()), "nobody listens there", "is the VM running");
  }

  @Test
  void reach_hybridGuestDoesNotListen() throws Exception {
    try (ServerSocketChannel vmm = listening("v.sock")) {
      Thread refusing =
          new Thread(
              () -> {
                try {
                  vmm.accept().close();
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      refusing.start();
      assertProblem(reach(hybrid()), "nobody listens on port 2048 in the guest", "vsock port 2048");
      refusing.join();
    }
  }

  @Test
  void listen_works_andLeavesNothingBehind() {
    assertThat(listen(unix()).state()).isEqualTo(State.OK);
    assertThat(directory.resolve("a.sock")).doesNotExist();
  }

  @Test
  void listen_somebodyElseDoes() throws IOException {
    try (ServerSocketChannel server = listening("a.sock")) {
      assertThat(server.isOpen()).isTrue();
      assertProblem(listen(unix()), "already listens", "ss -xlp");
    }
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertProblem(listen(new Endpoint.Tcp("127.0.0.1", taken.getLocalPort())), "in use", "ss");
    }
  }

  @Test
  void listen_folderIsMissing_orTheFileIsNoSocket() throws IOException {
    Endpoint below = new Endpoint.Unix(directory.resolve("none/a.sock").toString());
    assertProblem(listen(below), "there is no folder", "mkdir -p");
    Files.createFile(directory.resolve("a.sock"));
    assertProblem(listen(unix()), "is no socket", "remove it");
    assertThat(directory.resolve("a.sock")).exists();
  }

  @Test
  void listen_modeLetsNobodyIn() {
    ServerSettings closed = ServerSettings.builder().socketMode("r--r--r--").build();
    assertProblem(
        new ListenCheck(unix(), closed).findings().get(0), "lets nobody in", "--socket-mode");
  }

  @Test
  void transport_withoutNativeEpollThereIsNoVsock() {
    try (EventLoops loops = EventLoops.open(EventLoops.Kind.NIO, 1)) {
      Finding finding =
          TransportCheck.toConnect(Endpoint.parse("vsock:2:2048"), loops).findings().get(0);
      assertProblem(finding, "no vsock", "glibc");
    }
  }

  @Test
  void transport_cidOfAnotherGuest_isPointedOut() {
    Endpoint other = Endpoint.parse("vsock:7:2048");
    List<Finding> findings = TransportCheck.toConnect(other, EventLoops.shared()).findings();
    assertThat(findings.get(0).state()).isEqualTo(State.NOTE);
    assertThat(findings.get(0).found()).contains("CID 7", "as CID 2");
    assertThat(findings.get(0).advice()).containsExactly("in a guest: --agent vsock:2:2048");
    boolean leads =
        Availability.toConnect(other, EventLoops.shared()) instanceof Availability.Available;
    assertThat(findings.get(1).state())
        .as("whether a transport leads there")
        .isEqualTo(leads ? State.OK : State.PROBLEM);
  }
}
