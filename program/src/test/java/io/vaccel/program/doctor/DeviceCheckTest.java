package io.vaccel.program.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.program.doctor.Finding.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceCheckTest {
  @TempDir Path root;

  private Finding found(boolean mayOpen) {
    return DeviceCheck.vsock(new Machine(root, path -> mayOpen)).findings().get(0);
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
    assertThat(found(true).state()).isEqualTo(State.PROBLEM);
    assertThat(found(true).found()).startsWith("the module vsock is not loaded");
    assertThat(found(true).advice()).contains("sudo modprobe vsock");
  }

  @Test
  void deviceThatIsMissing_isToBePassedIn() throws IOException {
    modules("vsock 61440 2 vhost_vsock - Live 0x0\n");
    assertThat(found(true).state()).isEqualTo(State.PROBLEM);
    assertThat(found(true).found()).contains("is loaded, but /dev/vsock is missing");
  }

  @Test
  void deviceThatThisUserMayNotOpen_isTold() throws IOException {
    device("vsock");
    assertThat(found(false).state()).isEqualTo(State.PROBLEM);
    assertThat(found(false).advice().get(0)).startsWith("sudo setfacl");
  }

  @Test
  void deviceThatWorks_isOk() throws IOException {
    device("vsock");
    assertThat(found(true).state()).isEqualTo(State.OK);
  }

  private Finding vhost(boolean mayOpen) {
    return DeviceCheck.vhost(new Machine(root, path -> mayOpen)).findings().get(0);
  }

  @Test
  void vhostDeviceThatIsMissing_orThatThisUserMayNotOpen_isTold() throws IOException {
    modules("vhost_vsock 24576 0 - Live 0x0\n");
    assertThat(vhost(true).state()).isEqualTo(State.PROBLEM);
    assertThat(vhost(true).found()).contains("is loaded, but /dev/vhost-vsock is missing");
    device("vhost-vsock");
    assertThat(vhost(true).state()).isEqualTo(State.OK);
    assertThat(vhost(false).found()).isEqualTo("this user may not open /dev/vhost-vsock");
  }

  @Test
  void vhost_isAnotherDeviceAndAnotherModule() {
    Finding finding = vhost(true);
    assertThat(finding.found()).contains("vhost_vsock is not loaded", "QEMU");
    assertThat(finding.advice()).contains("sudo modprobe vhost_vsock");
  }
}
