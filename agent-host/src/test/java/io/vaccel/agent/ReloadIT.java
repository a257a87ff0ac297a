package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vaccel.Reason;
import io.vaccel.transport.Endpoint;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.ExecRequest;
import io.vaccel.v1.ExecServiceGrpc;
import io.vaccel.v1.GetAgentInfoRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Listeners that come and go while the agent runs. */
class ReloadIT {
  @TempDir Path directory;

  private AgentConfig config(String text) throws IOException {
    return ConfigFile.read(Files.writeString(directory.resolve("agent.yaml"), text));
  }

  private String listener(String name, String more) {
    return "  - endpoint: unix:" + directory.resolve(name) + "\n" + more;
  }

  private Endpoint endpoint(String name) {
    return Endpoint.parse("unix:" + directory.resolve(name));
  }

  private static String peer(TestClient guest) {
    return AgentServiceGrpc.newBlockingStub(guest.channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .getAgentInfo(GetAgentInfoRequest.getDefaultInstance())
        .getPeer();
  }

  @Test
  void addedAndRemovedListeners_doNotTouchTheOthers() throws Exception {
    String kept = listener("kept.sock", "");
    AgentConfig first = config("listeners:\n" + kept + listener("gone.sock", ""));
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.config(first));
        TestClient guest = new TestClient(endpoint("kept.sock"))) {
      HeldNoop underWay = HeldNoop.called(running, guest);
      Object inode = inode("kept.sock");

      running.agent.reconfigure(config("listeners:\n" + listener("new.sock", "") + kept));

      assertThat(running.agent.endpoints())
          .containsExactlyInAnyOrder(endpoint("kept.sock"), endpoint("new.sock"));
      assertThat(directory.resolve("gone.sock")).doesNotExist();
      try (TestClient other = new TestClient(endpoint("new.sock"))) {
        other.openSession();
      }
      underWay.release().get(20, TimeUnit.SECONDS);
      // A listener that retires tells its clients before their calls end.
      assertThat(guest.channel.getState(false)).isEqualTo(ConnectivityState.READY);
      assertThat(inode("kept.sock")).isEqualTo(inode);
    }
  }

  private Object inode(String name) throws IOException {
    return Files.getAttribute(directory.resolve(name), "unix:ino");
  }

  @Test
  void changedListener_isMadeAnew_andItsCallsFinish() throws Exception {
    AgentConfig first = config("listeners:\n" + listener("s.sock", ""));
    AgentConfig second = config("listeners:\n" + listener("s.sock", "    mode: rw-rw-rw-\n"));
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.config(first))) {
      assertMadeAnew(endpoint("s.sock"), running, second);
      assertThat(Files.getPosixFilePermissions(directory.resolve("s.sock"))).hasSize(6);
    }
  }

  /** Where the place must be free first: on a port, whose old connections live on. */
  @Test
  void changedListenerOnAPort_isMadeAnew_andItsCallsFinish() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String listener = "listeners:\n  - endpoint: tcp:127.0.0.1:" + port + "\n";
    AgentConfig first = config(listener);
    AgentConfig second = config(listener + "    max-connections: 100\n");
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.config(first))) {
      assertMadeAnew(Endpoint.parse("tcp:127.0.0.1:" + port), running, second);
    }
  }

  private static void assertMadeAnew(Endpoint endpoint, RunningAgent running, AgentConfig changed)
      throws Exception {
    try (TestClient guest = new TestClient(endpoint)) {
      HeldNoop underWay = HeldNoop.called(running, guest);

      running.agent.reconfigure(changed);

      assertThat(running.agent.endpoints()).contains(endpoint);
      try (TestClient other = new TestClient(endpoint)) {
        other.openSession();
      }
      underWay.release().get(20, TimeUnit.SECONDS);
      Eventually.isTrue(
          "the old one lets its client go",
          () -> guest.channel.getState(false) != ConnectivityState.READY);
    }
  }

  @Test
  void placeThatCannotBeOpened_isTriedAgain_andTheOthersWork() throws Exception {
    AgentConfig none = AgentConfig.none();
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.config(none))) {
      try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        other.bind(UnixDomainSocketAddress.of(directory.resolve("taken.sock")));
        running.agent.reconfigure(
            config("listeners:\n" + listener("taken.sock", "") + listener("free.sock", "")));
        assertThat(running.agent.endpoints()).containsExactly(endpoint("free.sock"));
      }
      running.agent.tend();
      assertThat(running.agent.endpoints())
          .containsExactlyInAnyOrder(endpoint("free.sock"), endpoint("taken.sock"));
    }
  }

  @Test
  void deletedSocketFile_isMadeAgain() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      Files.delete(directory.resolve("a.sock"));
      try (TestClient lost = new TestClient(endpoint("a.sock"))) {
        assertThat(
                Assertions.catchThrowableOfType(StatusRuntimeException.class, () -> peer(lost))
                    .getStatus()
                    .getCode())
            .isEqualTo(Status.Code.UNAVAILABLE);
      }
      running.agent.tend();
      try (TestClient guest = new TestClient(endpoint("a.sock"))) {
        guest.openSession();
      }
    }
  }

  @Test
  void vms_comeAndGo() throws Exception {
    Path vms = Files.createDirectory(directory.resolve("vms"));
    AgentConfig config = config("vms: [{directory: " + vms + "}]");
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.config(config))) {
      Path sandbox = Files.createDirectories(vms.resolve("sandbox/root"));
      try (ServerSocketChannel firecracker = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
          ServerSocketChannel kata = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
        firecracker.bind(UnixDomainSocketAddress.of(vms.resolve("v.sock")));
        kata.bind(UnixDomainSocketAddress.of(sandbox.resolve("kata.hvsock")));
        Eventually.isTrue("both are listened for", () -> running.agent.endpoints().size() == 4);
      }
      try (TestClient guest = new TestClient(endpoint("vms/sandbox/root/kata.hvsock_2048"))) {
        assertThat(peer(guest)).isEqualTo("hybrid kata.hvsock");
      }

      Files.delete(vms.resolve("v.sock"));

      Eventually.isTrue("its listener goes", () -> running.agent.endpoints().size() == 3);
      Eventually.isTrue("its socket goes", () -> !Files.exists(vms.resolve("v.sock_2048")));
      assertThat(sandbox.resolve("kata.hvsock_2048")).exists();
    }
    assertThat(sandboxLeft()).isFalse();
  }

  private boolean sandboxLeft() {
    return Files.exists(directory.resolve("vms/sandbox/root/kata.hvsock_2048"));
  }

  @Test
  void namedGuest_learnsItsName_alsoANewOne() throws Exception {
    long uid = ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    String guests = "guests: [{name: %s, peer: 'unix:" + uid + "'}]\n";
    String listeners = "listeners:\n" + listener("s.sock", "");
    AgentConfig first = config(guests.formatted("web-1") + listeners);
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.config(first));
        TestClient guest = new TestClient(endpoint("s.sock"))) {
      assertThat(peer(guest)).startsWith("web-1 (unix uid " + uid + " gid ");
      running.agent.reconfigure(config(guests.formatted("web-2") + listeners));
      assertThat(peer(guest)).startsWith("web-2 (unix uid ");
    }
  }

  @Test
  void rightsThatAreGone_areGoneInOpenSessionsToo() throws Exception {
    long uid = ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    String guests = "guests: [{name: me, peer: 'unix:" + uid + "'}]\n";
    String listeners = "listeners:\n" + listener("s.sock", "");
    String exec =
        "exec: {libraries: [{name: lib, sha256: "
            + "0".repeat(64)
            + "}], allow: [{guest: me, libraries: [lib]}]}\n";
    AgentConfig first = config(guests + listeners);
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.config(first));
        TestClient guest = new TestClient(endpoint("s.sock"))) {
      String session = guest.openSession();
      assertThat(exec(guest, session)).isEqualTo(Reason.NOT_ALLOWED);
      running.agent.reconfigure(config(guests + exec + listeners));
      assertThat(exec(guest, session))
          .as("allowed, but nobody does it")
          .isEqualTo(Reason.NO_PLUGIN);
      running.agent.reconfigure(config(guests + listeners));
      assertThat(exec(guest, session)).isEqualTo(Reason.NOT_ALLOWED);
    }
  }

  private static Reason exec(TestClient guest, String session) {
    ExecRequest request =
        ExecRequest.newBuilder().setSessionId(session).setLibrary("lib").setSymbol("f").build();
    return TestClient.error(
            () ->
                ExecServiceGrpc.newBlockingStub(guest.channel)
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .exec(request))
        .reason();
  }
}
