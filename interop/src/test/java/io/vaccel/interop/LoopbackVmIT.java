package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agent and guest program in one VM, over the kernel's own AF_VSOCK, CID 1 (lane A). */
final class LoopbackVmIT {

  @TempDir Path directory;

  @Test
  void transportContract_overAfVsock() {
    List<Object> command = new ArrayList<>(List.of("env", "VACCEL_TEST_VSOCK=1"));
    command.addAll(
        VmTests.command("io.vaccel.transport.VsockTransportIT", "io.vaccel.transport.VsockIT"));

    VmTests.assertPassed(VmLane.LOOPBACK.run(directory, command.toArray()));
  }

  @Test
  void pluginContract_overAfVsock() throws IOException {
    Path script =
        besideAnAgent()
            .shell("export " + VmGuest.AGENT + "=vsock:1:2048")
            .run(VmTests.command(VmGuestContract.class.getName()).toArray())
            .write("in-guest");

    VmTests.assertPassed(VmLane.LOOPBACK.run(directory, "bash", script));
  }

  /** CID 1 is no guest, but for an agent whose operator gave it a name. */
  @Test
  void agentAndNamedGuest_overAfVsock() throws IOException {
    Path config =
        Files.writeString(
            directory.resolve("agent.yaml"),
            """
            listeners: [{endpoint: "vsock:any:2048"}]
            guests: [{name: self, peer: "vsock:1"}]
            """);
    Path script =
        new VmScript(directory)
            .start("agent", Programs.AGENT, "--config", config, "--state", "state")
            .runTo(
                "result.json",
                Programs.GUEST,
                "classify",
                "--timeout=5m",
                "--agent",
                "vsock:1:2048",
                "--json",
                "--model",
                Programs.MODEL,
                Programs.PHOTOS.resolve("coffee.jpg"))
            .runTo("info.txt", Programs.GUEST, "info", "--agent", "vsock:1:2048")
            .write("in-guest");

    Programs.Finished vm = VmLane.LOOPBACK.run(directory, "bash", script);

    assertThat(vm.status()).as("%s%n%s", vm.out(), vm.err()).isZero();
    JsonObject image =
        JsonParser.parseString(Programs.text(directory.resolve("result.json")))
            .getAsJsonObject()
            .getAsJsonArray("images")
            .get(0)
            .getAsJsonObject();
    assertThat(image.getAsJsonArray("labels").get(0).getAsJsonObject().get("name").getAsString())
        .isEqualTo("espresso");
    assertThat(image.getAsJsonObject("executedOn").getAsJsonArray("path").get(0).getAsString())
        .isEqualTo("vsock:1:2048");
    assertThat(Programs.text(directory.resolve("info.txt"))).contains("self (vsock cid 1)");
  }

  /** A script for a VM, in which an agent listens on port 2048. */
  private VmScript besideAnAgent() {
    return new VmScript(directory)
        .shell("export VACCEL_OPENCL_ALLOW=1")
        .startAgent("--limit", "calls-per-peer=" + RemoteContract.CALLS_AT_ONCE);
  }
}
