package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The ready files of {@code deploy} are what the programs that read them take. */
final class DeployFilesIT {
  private static final Path DEPLOY = Path.of("../deploy").toAbsolutePath().normalize();
  private static final Path UNIT = DEPLOY.resolve("systemd/vaccel-agent.service");

  @TempDir Path directory;

  @Test
  void unit_isValid() throws IOException {
    assumeProgram("systemd-analyze", "systemd");
    // The program is not where an operator will have put it.
    Path unit = directory.resolve("vaccel-agent.service");
    String installed = Programs.AGENT.getParent().getParent().toString();
    Files.writeString(unit, Programs.text(UNIT).replace("/opt/vaccel/agent", installed));

    Programs.Finished verified = Programs.run(directory, "systemd-analyze", "verify", unit);

    assertThat(verified.status()).as("%s", verified.err()).isZero();
    assertThat(verified.err()).isEmpty();
  }

  /** As systemd counts it: 0 is locked in, 100 is free; it calls up to 20 "OK". */
  @Test
  void unit_leavesTheAgentFewRights() {
    assumeProgram("systemd-analyze", "systemd");
    Programs.Finished security =
        Programs.run(
            directory, "systemd-analyze", "security", "--offline=true", "--threshold=20", UNIT);
    assertThat(security.status()).as("%s%s", security.out(), security.err()).isZero();
  }

  @Test
  void user_isWhatSysusersTakes() {
    assumeProgram("systemd-sysusers", "systemd");
    Programs.Finished dryRun =
        Programs.run(
            directory,
            "systemd-sysusers",
            "--dry-run",
            DEPLOY.resolve("systemd/vaccel.sysusers.conf"));
    assertThat(dryRun.status()).as("%s", dryRun.err()).isZero();
  }

  @Test
  void libvirtDomain_isValid_andGivesTheGuestItsCid() {
    assumeProgram("virt-xml-validate", "libvirt-clients");
    assumeProgram("xmllint", "libxml2-utils");
    Path domain = DEPLOY.resolve("vmm/libvirt/domain.xml");
    Programs.Finished valid = Programs.run(directory, "virt-xml-validate", domain, "domain");
    assertThat(valid.status()).as("%s%s", valid.out(), valid.err()).isZero();

    Programs.Finished defined =
        Programs.run(
            directory,
            "virsh",
            "-c",
            "test:///default",
            "define " + domain + "; dumpxml vaccel-guest");
    assertThat(defined.status()).as("%s%s", defined.out(), defined.err()).isZero();
    assertThat(defined.out()).contains("<cid auto='no' address='42'/>");
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void configuration_isWhatTheAgentTakes(Path file) {
    Programs.Finished checked = Programs.run(directory, Programs.AGENT, "check-config", file);
    assertThat(checked.status()).as(checked.err()).isZero();
    assertThat(checked.out()).doesNotContain(": 0 listeners, 0 directories");
  }

  static List<Path> configurations() throws IOException {
    try (Stream<Path> files = Files.walk(DEPLOY.resolve("vmm"))) {
      List<Path> found =
          files.filter(file -> file.getFileName().toString().matches("agent.*\\.yaml")).toList();
      assertThat(found).hasSizeGreaterThanOrEqualTo(6);
      return found;
    }
  }

  @Test
  void firecrackerAndCloudHypervisor_nameTheSocketThatTheAgentLooksFor() throws IOException {
    assertThat(json("firecracker").getAsJsonObject("vsock").get("uds_path").getAsString())
        .isEqualTo("/run/vaccel/vms/vm1/v.sock");
    assertThat(json("cloud-hypervisor").getAsJsonObject("vsock").get("socket").getAsString())
        .isEqualTo("/run/vaccel/vms/vm1/v.sock");
    for (String vmm : List.of("firecracker", "cloud-hypervisor")) {
      assertThat(Programs.text(DEPLOY.resolve("vmm/" + vmm + "/agent.yaml")))
          .contains("directory: /run/vaccel/vms ", "\"*/v.sock\"");
    }
  }

  /** QEMU reads the file, knows the device and its properties, and gets as far as this host can. */
  @Test
  void qemuWithVhost_takesItsFile() {
    VmLane.QEMU.assumeReady(directory);
    Programs.Finished qemu =
        Programs.run(
            directory,
            "sh",
            "-c",
            "echo quit | qemu-system-x86_64 -readconfig '"
                + DEPLOY.resolve("vmm/qemu/vsock.cfg")
                + "' -accel tcg -m 64M -S -display none -nodefaults -monitor stdio");
    if (Files.exists(Path.of("/dev/vhost-vsock"))) {
      assertThat(qemu.status()).as("%s%s", qemu.out(), qemu.err()).isZero();
    } else {
      // A property that is unknown or no number is refused before the device is looked for.
      assertThat(qemu.errorLines())
          .singleElement()
          .asString()
          .endsWith("vhost-vsock: failed to open vhost device: No such file or directory");
    }
  }

  /** The keys are Kubernetes' own; the command is run, with the files that it names at hand. */
  @Test
  void podOfKata_asksForTheRunTimeClass_andItsCommandWorks() throws IOException {
    Map<?, ?> pod =
        (Map<?, ?>)
            new Load(LoadSettings.builder().build())
                .loadFromString(Programs.text(DEPLOY.resolve("vmm/kata/pod.yaml")));
    assertThat(pod.get("apiVersion")).isEqualTo("v1");
    assertThat(pod.get("kind")).isEqualTo("Pod");
    assertThat(((Map<?, ?>) pod.get("metadata")).get("name")).isEqualTo("vaccel-classify");
    Map<?, ?> spec = (Map<?, ?>) pod.get("spec");
    assertKeys(spec, "runtimeClassName", "restartPolicy", "containers");
    assertThat(spec.get("runtimeClassName")).isEqualTo("kata-fc");
    Map<?, ?> container = (Map<?, ?>) ((List<?>) spec.get("containers")).get(0);
    assertKeys(container, "name", "image", "env", "command");
    Map<?, ?> variable = (Map<?, ?>) ((List<?>) container.get("env")).get(0);
    assertThat(variable.get("name")).isEqualTo("VACCEL_RPC_ADDRESS");
    assertThat(variable.get("value")).isEqualTo("vsock:2:2048");

    String agent = "unix:" + directory.resolve("a.sock");
    try (RunningAgent running = RunningAgent.start(directory, agent)) {
      assertThat(running.pid()).isPositive();
      Programs.Finished guest =
          Programs.run(
              directory,
              Map.of("VACCEL_RPC_ADDRESS", agent, "VACCEL_PLUGINS", "vsock"),
              ((List<?>) container.get("command"))
                  .stream().map(word -> here(word.toString())).toArray());
      assertThat(guest.status()).as(guest.err()).isZero();
      assertThat(guest.out()).contains("espresso");
    }
  }

  /** Where what the pod's image has lies on this machine. */
  private static String here(String word) {
    return word.equals("vaccel-guest")
        ? Programs.GUEST.toString()
        : word.replaceFirst("^/models/", Programs.MODEL.getParent() + "/")
            .replaceFirst("^/photos/", Programs.PHOTOS + "/");
  }

  private static void assertKeys(Map<?, ?> map, String... keys) {
    assertThat(Set.copyOf(map.keySet())).isEqualTo(Set.of(keys));
  }

  /** QEMU reads the file, finds the backend, and has the device. */
  @Test
  void qemuWithVhostUser_takesItsFile() throws IOException {
    VmLane.QEMU.assumeReady(directory);
    Path backend =
        Path.of(Programs.run(directory, Programs.VM, "place", "hybrid-vsock").out().strip());
    Process vsock =
        Programs.start(
            new ProcessBuilder(
                    backend.toString(),
                    "--socket",
                    "vhost-user.sock",
                    "--guest-cid",
                    "3",
                    "--uds-path",
                    "v.sock")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("backend.log").toFile()),
            Map.of());
    try {
      Programs.Finished qemu =
          Programs.run(
              directory,
              "sh",
              "-c",
              "while [ ! -S vhost-user.sock ]; do sleep 0.1; done; printf '%s\\n' 'info qtree' quit |"
                  + " qemu-system-x86_64 -readconfig '"
                  + DEPLOY.resolve("vmm/qemu/vhost-user-vsock.cfg")
                  + "' -accel tcg -m 1G -S -display none -nodefaults -monitor stdio");
      assertThat(qemu.status()).as("%s%s", qemu.out(), qemu.err()).isZero();
      assertThat(qemu.out()).contains("vhost-user-vsock-pci");
    } finally {
      vsock.destroyForcibly();
    }
  }

  private static JsonObject json(String vmm) throws IOException {
    return JsonParser.parseString(Programs.text(DEPLOY.resolve("vmm/" + vmm + "/vm.json")))
        .getAsJsonObject();
  }

  private void assumeProgram(String name, String debianPackage) {
    assumeTrue(
        Programs.run(directory, "sh", "-c", "command -v " + name).status() == 0,
        "needs " + name + ": apt-get install --no-install-recommends " + debianPackage);
  }
}
