package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code vaccel-guest doctor} in a VM, where modules and devices can be absent in earnest (lane A).
 */
final class DoctorVmIT {
  @TempDir Path directory;

  @Test
  void portWithoutListener_andGuestWithoutVsock() throws IOException {
    String doctor = "'" + Programs.GUEST + "' doctor --agent ";
    Path script = directory.resolve("in-guest");
    Files.write(
        script,
        List.of(
            "cd '" + directory + "'",
            doctor + "vsock:1:2049 > closed.txt; echo status=$? >> closed.txt",
            doctor + "vsock:2:2048 > device.txt; echo status=$? >> device.txt",
            // The busybox of the guest: a minimal Debian has no rmmod.
            "rmmod() { \"$BUSYBOX\" rmmod \"$1\"; }",
            "rmmod vsock_loopback; rmmod vmw_vsock_virtio_transport 2> none.txt",
            "rmmod vmw_vsock_virtio_transport_common; rmmod vsock",
            doctor + "vsock:2:2048 > module.txt; echo status=$? >> module.txt"));

    Programs.Finished vm = VmLane.LOOPBACK.run(directory, "bash", script);

    assertThat(Programs.text(directory.resolve("closed.txt")))
        .as("%s%n%s", vm.out(), vm.err())
        .contains(
            "nobody listens on that port", "vaccel-agent --listen vsock:any:2049", "status=1");
    assertThat(Programs.text(directory.resolve("device.txt")))
        .contains("no vsock device", "sudo modprobe vmw_vsock_virtio_transport", "status=1");
    assertThat(Programs.text(directory.resolve("module.txt")))
        .contains("the module vsock is not loaded", "sudo modprobe vsock", "status=1");
  }

  @Test
  void deviceThatIsClosedOrMissing_isANote_asTheAgentAnswers() throws IOException {
    List<Object> doctor = List.of(Programs.GUEST, "doctor", "--agent", "vsock:1:2048");
    List<Object> asAnyUser = new ArrayList<>(DoctorIT.AS_ANY_USER);
    asAnyUser.addAll(doctor);
    Path script =
        new VmScript(directory)
            .startAgent()
            .shell("chmod 000 /dev/vsock")
            .runTo("may-not.txt", asAnyUser.toArray())
            .shell("rm /dev/vsock")
            .runTo("missing.txt", doctor.toArray())
            .write("in-guest");

    Programs.Finished vm = VmLane.LOOPBACK.run(directory, "bash", script);

    assertThat(vm.status()).as("%s%n%s", vm.out(), vm.err()).isZero();
    assertThat(Programs.text(directory.resolve("may-not.txt")))
        .contains("note     /dev/vsock       this user may not open it")
        .contains("-> for another user: sudo setfacl", "somebody listens on vsock:1:2048")
        .contains("Nothing is wrong.");
    assertThat(Programs.text(directory.resolve("missing.txt")))
        .contains("note     /dev/vsock       it is missing", "Nothing is wrong.");
  }
}
