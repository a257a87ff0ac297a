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
  private static final String SELF =
      "CID 1 is this machine itself; the host is CID 2: --agent vsock:2:";

  @TempDir Path directory;

  @Test
  void cidOfAnotherGuest_andGuestWithoutVsock() throws IOException {
    String doctor = "'" + Programs.GUEST + "' doctor --agent ";
    Path script = directory.resolve("in-guest");
    Files.write(
        script,
        List.of(
            "cd '" + directory + "'",
            doctor + "vsock:7:2048 > other.txt; echo status=$? >> other.txt",
            doctor + "vsock:2:2048 > device.txt; echo status=$? >> device.txt",
            // None of these connects: a refused socket keeps the module until the connect's
            // timeout.
            // The busybox of the guest: a minimal Debian has no rmmod.
            "rmmod() { \"$BUSYBOX\" rmmod \"$1\"; }",
            "rmmod vsock_loopback",
            doctor + "vsock:1:2048 > loopback.txt; echo status=$? >> loopback.txt",
            "rmmod vmw_vsock_virtio_transport 2> none.txt",
            "rmmod vmw_vsock_virtio_transport_common; rmmod vsock",
            doctor + "vsock:2:2048 > module.txt; echo status=$? >> module.txt"));

    Programs.Finished vm = VmLane.LOOPBACK.run(directory, "bash", script);

    assertThat(Programs.text(directory.resolve("other.txt")))
        .as("%s%n%s", vm.out(), vm.err())
        .contains("CID 7 is another guest's", "in a guest: --agent vsock:2:2048")
        .contains("this machine reaches no guest over AF_VSOCK", "status=1")
        .as("not connected, as no transport leads there")
        .doesNotContain("listens", "connect");
    assertThat(Programs.text(directory.resolve("loopback.txt")))
        .contains("no AF_VSOCK loopback", "sudo modprobe vsock_loopback", SELF + "2048")
        .contains("status=1");
    assertThat(Programs.text(directory.resolve("device.txt")))
        .contains("no vsock device", "sudo modprobe vmw_vsock_virtio_transport", "status=1");
    assertThat(Programs.text(directory.resolve("module.txt")))
        .contains("the module vsock is not loaded", "sudo modprobe vsock", "status=1");
  }

  @Test
  void portWithoutListener_andDeviceThatIsClosedOrMissing_whichIsANote() throws IOException {
    List<Object> doctor = List.of(Programs.GUEST, "doctor", "--agent", "vsock:1:2048");
    List<Object> asAnyUser = new ArrayList<>(DoctorIT.AS_ANY_USER);
    asAnyUser.addAll(doctor);
    Path script =
        new VmScript(directory)
            .startAgent()
            .shell(
                "'"
                    + Programs.GUEST
                    + "' doctor --agent vsock:1:2049 > closed.txt || echo status=$? >> closed.txt")
            .shell("chmod 000 /dev/vsock")
            .runTo("may-not.txt", asAnyUser.toArray())
            .shell("rm /dev/vsock")
            .runTo("missing.txt", doctor.toArray())
            .write("in-guest");

    Programs.Finished vm = VmLane.LOOPBACK.run(directory, "bash", script);

    assertThat(vm.status()).as("%s%n%s", vm.out(), vm.err()).isZero();
    assertThat(Programs.text(directory.resolve("closed.txt")))
        .contains("nobody listens on that port", SELF + "2049", "status=1");
    assertThat(Programs.text(directory.resolve("may-not.txt")))
        .contains("note     /dev/vsock       this user may not open it")
        .contains("-> for another user: sudo setfacl", "somebody listens on vsock:1:2048")
        .contains("(Python, Node) need the forwarder")
        .contains("-> vaccel-guest forward --listen unix:/run/vaccel.sock --agent vsock:1:2048")
        .contains("Nothing is wrong.");
    assertThat(Programs.text(directory.resolve("missing.txt")))
        .contains("note     /dev/vsock       it is missing", "Nothing is wrong.");
  }
}
