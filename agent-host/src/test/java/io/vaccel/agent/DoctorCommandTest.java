package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.program.doctor.Finding;
import io.vaccel.program.doctor.Finding.State;
import io.vaccel.program.doctor.Machine;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {
  @TempDir Path root;
  private final StringWriter out = new StringWriter();

  private int run(String... arguments) {
    return run(endpoint -> !(endpoint instanceof Endpoint.Vsock), arguments);
  }

  private int run(Predicate<Endpoint> listens, String... arguments) {
    Machine machine = new Machine(root, path -> false, endpoint -> false, listens);
    CommandLine line = new CommandLine(new DoctorCommand(machine));
    line.registerConverter(Endpoint.class, Endpoint::parse);
    return line.setOut(new PrintWriter(out)).execute(arguments);
  }

  @Test
  void hostWithoutVhost_isToLoadTheModule() {
    assertThat(run("--listen", "vsock:any:2048", "--state", root.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("vhost_vsock is not loaded", "sudo modprobe vhost_vsock");
  }

  /** As under the unit: a user of its own, without devices. */
  @Test
  void deviceThatOnlyQemuOpens_isNoProblemOfTheAgent() throws IOException {
    Predicate<Endpoint> asCid2 = new Endpoint.Vsock(Endpoint.CID_HOST, Endpoint.PORT_ANY)::equals;
    run(asCid2, "--listen", "vsock:any:2048", "--state", root.toString());
    assertThat(out.toString()).contains("note     /dev/vhost-vsock it is missing", "starts QEMU");

    Files.createFile(Files.createDirectory(root.resolve("dev")).resolve("vhost-vsock"));
    run(asCid2, "--listen", "vsock:any:2048", "--state", root.toString());
    assertThat(out.toString())
        .contains("note     /dev/vhost-vsock this user may not open")
        .doesNotContain("problem  /dev/vhost-vsock");
  }

  @Test
  void pluginsThatAreNotThere_areNamed() {
    assertThat(run("--plugins", "cuda", "--state", root.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("VACCEL_PLUGINS names 'cuda'");
  }

  @Test
  void listenerThatCannotBe_isToldWithItsReason() {
    String listen = "unix:" + root.resolve("none/a.sock");
    assertThat(run("--listen", listen, "--state", root.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("there is no folder", "mkdir -p");
  }

  @Test
  void configurationFile_isReadAsTheAgentReadsIt() throws IOException {
    Path file = Files.writeString(root.resolve("agent.yaml"), "listeners: [{endpoint: ftp:x}]");
    assertThat(run("--config", file.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("agent.yaml", "ftp:x");

    Files.writeString(
        file,
        """
        state: %1$s
        plugins: [cuda]
        listeners:
          - endpoint: unix:%1$s/none/a.sock
          - endpoint: tcp:127.0.0.1:0
            tls: {certificate: %1$s/no.pem, key: %1$s/no.key}
        """
            .formatted(root));
    assertThat(run("--config", file.toString())).isEqualTo(1);
    assertThat(out.toString())
        .contains("agent.yaml can be used")
        .contains(root + "/none/a.sock", "there is no folder")
        .contains("tcp:127.0.0.1:0: ", "no.pem", "PKCS#8")
        .contains(root + ", ", "VACCEL_PLUGINS names 'cuda'");
  }

  @Test
  void directoryOfVms_isLookedInto() throws IOException {
    Path vms = Files.createDirectories(root.resolve("vms"));
    run("--vms", root.resolve("none").toString(), "--state", root.toString());
    assertThat(out.toString()).contains("none is not there yet", "mkdir -p");

    try (ServerSocketChannel vmm = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      vmm.bind(UnixDomainSocketAddress.of(vms.resolve("one.sock")));
      run("--vms", vms.toString(), "--state", root.toString());
      assertThat(out.toString())
          .contains(vms + ": 1 VMs are there", "can listen on hybrid:" + vms + "/one.sock:2048");

      other.bind(UnixDomainSocketAddress.of(vms.resolve("one.sock_2048")));
      assertThat(run("--vms", vms.toString(), "--state", root.toString())).isEqualTo(1);
      assertThat(out.toString()).contains("already listens", "ss -xlp");
    }
  }

  @Test
  void stateThatIsAFile_orHasNoRoom_isAProblem() throws IOException {
    Path file = Files.createFile(root.resolve("file"));
    assertProblem(new StateCheck(file.resolve("state")), "is no directory");
    assertProblem(new StateCheck(root, path -> 5L << 20), "only 5 MiB are free");
    assertThat(new StateCheck(root.resolve("new"), path -> 5L << 30).findings().get(0).state())
        .isEqualTo(State.OK);
    assertThat(root.resolve("new")).doesNotExist();
  }

  @Test
  void stateWhereNothingCanBeWritten_isAProblem() {
    // Not even root writes there.
    assertProblem(new StateCheck(Path.of("/proc/sys")), "nothing can be written");
  }

  private static void assertProblem(StateCheck check, String found) {
    Finding finding = check.findings().get(0);
    assertThat(finding.state()).isEqualTo(State.PROBLEM);
    assertThat(finding.found()).contains(found);
    assertThat(finding.advice()).isNotEmpty();
  }
}
