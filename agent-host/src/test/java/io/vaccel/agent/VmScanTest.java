package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VmScanTest {
  @TempDir Path directory;

  /** The file of a VMM's socket; that nobody accepts there does not matter. */
  private Path socket(String name) throws IOException {
    Path path = directory.resolve(name);
    Files.createDirectories(path.getParent());
    try (ServerSocketChannel vmm = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      vmm.bind(UnixDomainSocketAddress.of(path));
    }
    return path;
  }

  private VmDirectory vms(int most, String... sockets) {
    return new VmDirectory(
        directory,
        2048,
        sockets.length == 0 ? VmDirectory.DEFAULT_SOCKETS : List.of(sockets),
        most,
        "rw-------",
        Optional.empty(),
        Optional.empty());
  }

  private List<String> found(VmScan scan, Endpoint... served) {
    return scan.places(List.of(served)).stream()
        .map(place -> ((Endpoint.Hybrid) place.endpoint()).path())
        .map(path -> directory.relativize(Path.of(path)).toString())
        .toList();
  }

  @Test
  void socketsOfBothLayouts_areFound() throws IOException {
    socket("b.sock");
    socket("a.sock");
    socket("sandbox1/root/kata.hvsock");
    assertThat(found(new VmScan(vms(9))))
        .containsExactly("a.sock", "b.sock", "sandbox1/root/kata.hvsock");
  }

  @Test
  void ownPattern_isFound() throws IOException {
    socket("vm1/run/v.sock");
    socket("vm2/run/other.sock");
    assertThat(found(new VmScan(vms(9, "*/run/v.sock")))).containsExactly("vm1/run/v.sock");
  }

  @Test
  void listenersBesideSockets_andOtherFiles_areNoVms() throws IOException {
    socket("a.sock");
    socket("a.sock_2048");
    Files.writeString(directory.resolve("notes"), "text");
    Files.createDirectory(directory.resolve("folder"));
    assertThat(found(new VmScan(vms(9)))).containsExactly("a.sock");
  }

  @Test
  void vmsWithNamesLikeListeners_areFound() throws IOException {
    socket("vm_1");
    socket("fc_0");
    socket("vm_01");
    socket("vm_99999999999");
    socket("vm_9999999999");
    assertThat(found(new VmScan(vms(9))))
        .containsExactlyInAnyOrder("fc_0", "vm_01", "vm_1", "vm_9999999999", "vm_99999999999");
    socket("vm_1_2048");
    VmScan scan = new VmScan(vms(9));
    assertThat(found(scan))
        .containsExactlyInAnyOrder("fc_0", "vm_01", "vm_1", "vm_9999999999", "vm_99999999999");
    assertThat(scan.skipped()).isEmpty();
    assertThat(scan.listeners()).as("its own are no news").isEmpty();
  }

  @Test
  void listenerWhoseVmIsGone_isNoVm() throws IOException {
    Path stale = socket("vm_1_2048");
    VmScan afterCrash = new VmScan(vms(9));
    assertThat(found(afterCrash)).isEmpty();
    assertThat(afterCrash.listeners().get(stale)).contains("the agent's own listener for vm_1;");

    // What listens for another of the configured directories, on that one's port.
    socket("vm_1_5000");
    Endpoint gone = new Endpoint.Hybrid(directory.resolve("vm_1").toString(), 5000);
    assertThat(found(new VmScan(vms(9)), gone)).isEmpty();
  }

  @Test
  void socketBeside_hidesNoServedVm_andWhatItHidesIsTold() throws IOException {
    Path vm = socket("a_1");
    Endpoint served = new VmScan(vms(9)).places(List.of()).get(0).endpoint();
    socket("a");
    assertThat(found(new VmScan(vms(9)), served)).containsExactly("a_1", "a");
    VmScan scan = new VmScan(vms(9));
    assertThat(found(scan)).containsExactly("a");
    assertThat(scan.listeners().get(vm)).contains("the socket a lies beside it");
  }

  @Test
  void symbolicLinks_areNotFollowed() throws IOException {
    Path elsewhere = Files.createDirectories(directory.resolve("outside/root"));
    socket("outside/root/kata.hvsock");
    Path vms = Files.createDirectory(directory.resolve("vms"));
    Files.createSymbolicLink(vms.resolve("sandbox"), elsewhere.getParent());
    Files.createSymbolicLink(vms.resolve("v.sock"), elsewhere.resolve("kata.hvsock"));
    assertThat(new VmScan(VmDirectory.of(vms)).places(List.of())).isEmpty();
  }

  @Test
  void oddNames_areSkippedWithTheReason() throws IOException {
    socket("a\nINFO forged.sock");
    socket("ok.sock");
    VmScan scan = new VmScan(vms(9));
    assertThat(found(scan)).containsExactly("ok.sock");
    assertThat(scan.skipped()).containsOnlyKeys(directory);
  }

  @Test
  void pathThatFitsNoListener_isSkippedWithTheReason() throws IOException {
    // A socket, but with _2048 too long for one.
    int name = Endpoint.MAX_PATH_BYTES - "_2048".length() + 1 - directory.toString().length() - 1;
    Path tight = socket("x".repeat(name));
    VmScan scan = new VmScan(vms(9));
    assertThat(found(scan)).isEmpty();
    assertThat(scan.skipped().get(tight)).contains("bytes");
  }

  @Test
  void moreThanTheMost_leavesTheServedOnesIn() throws IOException {
    socket("m.sock");
    VmScan before = new VmScan(vms(1));
    Endpoint served = before.places(List.of()).get(0).endpoint();
    socket("a.sock");
    VmScan scan = new VmScan(vms(1));
    assertThat(found(scan, served)).containsExactly("m.sock");
    assertThat(scan.skipped().get(directory.resolve("a.sock")))
        .isEqualTo("there are more than 1 VMs");
  }

  @Test
  void floodOfEntries_isNotReadToItsEnd() throws IOException {
    for (int i = 0; i < 40; i++) {
      Files.createFile(directory.resolve("f" + i));
    }
    VmScan scan = new VmScan(vms(1));
    assertThat(found(scan)).isEmpty();
    assertThat(scan.skipped()).containsEntry(directory, "it has too many entries");
  }

  @Test
  void floodOfEntries_pushesNoServedVmOut() throws IOException {
    socket("m.sock");
    socket("sandbox/root/kata.hvsock");
    Endpoint[] served =
        new VmScan(vms(2)).places(List.of()).stream().map(Place::endpoint).toArray(Endpoint[]::new);
    assertThat(served).hasSize(2);
    for (int i = 0; i < 400; i++) {
      Files.createFile(directory.resolve("f" + i));
      Files.createFile(directory.resolve("sandbox/root/f" + i));
    }
    VmScan scan = new VmScan(vms(2));
    assertThat(found(scan, served)).containsExactly("m.sock", "sandbox/root/kata.hvsock");
    assertThat(scan.visited())
        .contains(directory, directory.resolve("sandbox"), directory.resolve("sandbox/root"));
  }

  @Test
  void floodInTheDirectoryOfOneVm_isThatVmsAffair() throws IOException {
    socket("a/root/kata.hvsock");
    for (int i = 0; i < 400; i++) {
      Files.createFile(directory.resolve("a/root/f" + i));
    }
    socket("b/root/kata.hvsock");
    VmScan scan = new VmScan(vms(9, "*/root/kata.hvsock"));
    assertThat(found(scan)).contains("b/root/kata.hvsock");
    assertThat(scan.skipped())
        .containsEntry(directory.resolve("a/root"), "it has too many entries");
  }

  @Test
  void servedVm_isNotFoundByASymbolicLink_norOutside() throws IOException {
    socket("outside/v.sock");
    Path vms = Files.createDirectory(directory.resolve("vms"));
    Files.createSymbolicLink(vms.resolve("v.sock"), directory.resolve("outside/v.sock"));
    VmScan scan = new VmScan(VmDirectory.of(vms));
    assertThat(
            scan.places(
                List.of(
                    new Endpoint.Hybrid(vms.resolve("v.sock").toString(), 2048),
                    new Endpoint.Hybrid(directory.resolve("outside/v.sock").toString(), 2048))))
        .isEmpty();
  }

  @Test
  void missingDirectory_hasNoVms() {
    VmScan scan = new VmScan(VmDirectory.of(directory.resolve("none")));
    assertThat(scan.places(List.of())).isEmpty();
  }

  @Test
  void ownerGroupAndMode_areTheVmms() throws IOException {
    Path socket = socket("a.sock");
    boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    if (root) {
      Files.setAttribute(socket, "unix:uid", 65534);
      Files.setAttribute(socket, "unix:gid", 12345);
    }
    Place place = new VmScan(vms(9)).places(List.of()).get(0);
    assertThat(place.settings().socketMode()).isEqualTo("rw-------");
    assertThat(place.settings().socketOwner())
        .isEqualTo(root ? Optional.of(Files.getOwner(socket).getName()) : Optional.empty());
    assertThat(place.settings().socketGroup())
        .as("without a name, it is its number")
        .isEqualTo(root ? Optional.of("12345") : Optional.empty());
  }
}
