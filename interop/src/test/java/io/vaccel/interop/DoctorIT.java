package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code doctor} of both programs where something is wrong in earnest. */
final class DoctorIT {
  /**
   * Root may read, write and enter everything. Without these two of its capabilities the modes of
   * its own files count for it as for any user, who needs nothing of the kind.
   */
  static final List<String> AS_ANY_USER =
      List.of(
          "setpriv",
          "--bounding-set=-dac_override,-dac_read_search",
          "--inh-caps=-dac_override,-dac_read_search");

  @TempDir Path directory;
  private Path closed;

  @AfterEach
  void openAgain() throws IOException {
    if (closed != null) {
      // Or the directory could not be deleted.
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private Programs.Finished doctor(Path program, Object... arguments) throws IOException {
    List<Object> command = new ArrayList<>();
    if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
      command.addAll(AS_ANY_USER);
    }
    command.addAll(List.of(program, "doctor"));
    command.addAll(Arrays.asList(arguments));
    return Programs.run(directory, command.toArray());
  }

  private Programs.Finished agentDoctor(String option, String value) throws IOException {
    return doctor(Programs.AGENT, option, value, "--state", directory.resolve("state"));
  }

  private void close(Path path, String mode) throws IOException {
    closed = path;
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private ServerSocketChannel listening(String name) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(directory.resolve(name)));
    return server;
  }

  private Endpoint unix() {
    return new Endpoint.Unix(directory.resolve("a.sock").toString());
  }

  private static void assertProblem(Programs.Finished doctor, String found, String advice) {
    assertThat(doctor.out()).as("%s", doctor.err()).contains(found, "-> " + advice, "problem");
    assertThat(doctor.status()).isEqualTo(1);
  }

  @Test
  void guestThatMayNotConnectToTheSocket_isToldHowTheAgentLetsItIn() throws IOException {
    try (ServerSocketChannel agent = listening("a.sock")) {
      assertThat(agent.isOpen()).isTrue();
      close(directory.resolve("a.sock"), "---------");
      assertProblem(
          doctor(Programs.GUEST, "--agent", unix()),
          "cannot connect to " + unix() + ": permission denied",
          "the agent may let you in: vaccel-agent --socket-mode rw-rw----");
    }
  }

  @Test
  void clientThatMayNotConnectToTheVmm_isToldWhoseSocketItIs() throws IOException {
    try (ServerSocketChannel vmm = listening("v.sock")) {
      assertThat(vmm.isOpen()).isTrue();
      close(directory.resolve("v.sock"), "r--r--r--");
      Endpoint endpoint = new Endpoint.Hybrid(directory.resolve("v.sock").toString(), 2048);
      assertProblem(
          doctor(Programs.GUEST, "--agent", endpoint),
          "cannot connect to " + endpoint + ": permission denied",
          "the socket is the VMM's; let this user in: sudo setfacl -m u:$USER:rw "
              + directory.resolve("v.sock"));
    }
  }

  @Test
  void agentThatMayNotReadTheDirectoryOfVms_isToldWhichGroup() throws IOException {
    Path vms = Files.createDirectory(directory.resolve("vms"));
    close(vms, "---------");
    assertProblem(
        agentDoctor("--vms", vms.toString()),
        vms + " cannot be read by this user",
        "let the agent's user into the group of the directory, or of the VMM: ls -ld " + vms);
  }

  @Test
  void agentThatMayNotLookForTheDirectoryOfVms_isNotToldThatThereIsNone() throws IOException {
    Path vms = Files.createDirectories(directory.resolve("above/vms"));
    close(vms.getParent(), "---------");
    assertProblem(
        agentDoctor("--vms", vms.toString()),
        vms + " cannot be read by this user",
        "let the agent's user");
  }

  @Test
  void agentThatMayNotMakeItsSocket_isToldWhichFolder() throws IOException {
    Path folder = Files.createDirectory(directory.resolve("run"));
    close(folder, "r-xr-xr-x");
    String endpoint = "unix:" + folder.resolve("a.sock");
    assertProblem(
        agentDoctor("--listen", endpoint),
        endpoint + ": ",
        "the agent's user must be able to write in its folder: ls -ld " + folder);
  }

  @Test
  void agentOnTheCidOfAGuest_isToListenOnAll() throws IOException {
    Programs.Finished doctor = agentDoctor("--listen", "vsock:7:2048");
    assertProblem(
        doctor,
        "vsock:7:2048 is on the CID of a guest: ",
        "an agent listens on all CIDs of its machine: --listen vsock:any:2048");
    assertThat(doctor.out()).as("said once").doesNotContain("problem  listener");
  }

  @Test
  void agentOfAnotherVersion_isANote_ofTheSoftwareAndOfTheProtocol() throws Exception {
    try (FakeAgent agent = FakeAgent.ofVersion(unix(), "9.8.7", 2)) {
      assertThat(agent.isListening()).isTrue();
      Programs.Finished doctor = doctor(Programs.GUEST, "--agent", unix());
      assertThat(doctor.out())
          .contains("the agent is of version 9.8.7, this program of 0.")
          .contains("the agent speaks version 2 of vaccel.v1, this program 1: ")
          .contains("-> install the same version on both sides")
          .contains("Nothing is wrong.");
      assertThat(doctor.status()).as("%s", doctor.err()).isZero();
    }
  }

  @Test
  void serverOfAnotherProtocol_isNoAgent() throws Exception {
    try (FakeAgent other = FakeAgent.withoutServices(unix())) {
      assertThat(other.isListening()).isTrue();
      assertNoAgent();
    }
  }

  @Test
  void whatIsNoGrpcAtAll_isNoAgent() throws Exception {
    ServerSocketChannel web = listening("a.sock");
    Thread answering = new Thread(() -> answerAsAWebServer(web), "test-web");
    answering.start();
    try {
      assertNoAgent();
    } finally {
      web.close();
      answering.join();
    }
  }

  private void assertNoAgent() throws IOException {
    assertProblem(
        doctor(Programs.GUEST, "--agent", unix()),
        "plugin vsock",
        "if something answers there, it is no agent that speaks vaccel.v1: install the same version");
  }

  private static void answerAsAWebServer(ServerSocketChannel web) {
    byte[] answer = "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    while (web.isOpen()) {
      try (SocketChannel client = web.accept()) {
        client.read(ByteBuffer.allocate(1_024));
        client.write(ByteBuffer.wrap(answer));
      } catch (IOException e) {
        // The test has closed it, or this client is gone.
      }
    }
  }
}
