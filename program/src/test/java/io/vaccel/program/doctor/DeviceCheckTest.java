package io.vaccel.program.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.program.doctor.Finding.State;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceCheckTest {
  private static final Endpoint.Vsock HOST = new Endpoint.Vsock(Endpoint.CID_HOST, 2048);

  @TempDir Path root;

  private Machine machine(boolean mayOpen, boolean connects, boolean listens) {
    return new Machine(root, path -> mayOpen, endpoint -> connects, endpoint -> listens);
  }

  private Finding vsock(boolean mayOpen, boolean connects) {
    return DeviceCheck.vsock(machine(mayOpen, connects, false), HOST).findings().get(0);
  }

  private Finding vhost(boolean mayOpen, boolean connects, boolean listens) {
    return DeviceCheck.vhost(machine(mayOpen, connects, listens)).findings().get(0);
  }

  private void modules(String text) throws IOException {
    Files.createDirectories(root.resolve("proc"));
    Files.writeString(root.resolve("proc/modules"), text);
  }

  private void device(String name) throws IOException {
    Files.createDirectories(root.resolve("dev"));
    Files.createFile(root.resolve("dev").resolve(name));
  }

  @Test
  void moduleThatIsNotLoaded_isToBeLoaded() throws IOException {
    modules("vsock_diag 20480 0 - Live 0x0\n");
    assertThat(vsock(true, false).state()).isEqualTo(State.PROBLEM);
    assertThat(vsock(true, false).found()).startsWith("the module vsock is not loaded");
    assertThat(vsock(true, false).advice()).contains("sudo modprobe vsock");
  }

  @Test
  void moduleThatIsLoaded_isOk_whateverElseKeepsTheSocketsFromWorking() throws IOException {
    modules("vsock 61440 2 vhost_vsock - Live 0x0\n");
    assertThat(vsock(true, false).state()).isEqualTo(State.OK);
  }

  @Test
  void whereSocketsWork_noDeviceIsNeeded() throws IOException {
    assertThat(vsock(true, true).state()).isEqualTo(State.NOTE);
    assertThat(vsock(true, true).found()).startsWith("it is missing, which matters only");
    device("vsock");
    assertThat(vsock(false, true).state()).isEqualTo(State.NOTE);
    assertThat(vsock(false, true).found()).startsWith("this user may not open it, which");
    assertThat(vsock(false, true).advice().get(0)).contains("sudo setfacl");
    assertThat(vsock(true, true).state()).isEqualTo(State.OK);
  }

  @Test
  void vhostDevice_isQemusBusiness_whereTheAgentCanListen() throws IOException {
    assertThat(vhost(true, false, true).state()).isEqualTo(State.NOTE);
    assertThat(vhost(true, false, true).found())
        .isEqualTo("it is missing, which matters only to whoever starts QEMU");
    device("vhost-vsock");
    assertThat(vhost(false, false, true).state()).isEqualTo(State.NOTE);
    assertThat(vhost(true, false, true).state()).isEqualTo(State.OK);
  }

  /** The device is there at boot already: opening it loads the module. */
  @Test
  void vhostModuleThatIsNotLoaded_isAProblem_withTheDeviceToo_butNotInAGuest() throws IOException {
    device("vhost-vsock");
    Finding finding = vhost(true, false, false);
    assertThat(finding.state()).isEqualTo(State.PROBLEM);
    assertThat(finding.found()).contains("vhost_vsock is not loaded", "QEMU");
    assertThat(finding.advice()).contains("sudo modprobe vhost_vsock");
    assertThat(vhost(true, true, false).state()).isEqualTo(State.NOTE);
  }
}
