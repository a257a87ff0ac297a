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

/**
 * AF_VSOCK on both sides (lane C): the host is CID 2 by its kernel's vhost_vsock, the guest is
 * QEMU's, CID 3. The host is a virtual machine, too, so that this needs nothing of the real one.
 */
final class NativeVsockIT {

  /** Of an emulated processor in an emulated host. */
  private static final int SLOWNESS = 15;

  @TempDir Path directory;

  @Test
  void guest_classifiesAtAnAgentOnVsock() throws IOException {
    ExpectedPhotos expected = ExpectedPhotos.read();
    Path config =
        Files.writeString(
            directory.resolve("agent.yaml"),
            // An emulated guest takes its time for everything.
            "listeners: [{endpoint: 'vsock:any:2048', handshake-timeout: 5m}]\nstate: state\n");
    Path agent =
        new VmScript(directory).become("agent", Programs.AGENT, "--config", config).write("agent");
    List<Object> classify =
        new ArrayList<>(
            List.of(
                Programs.GUEST,
                "classify",
                "--agent",
                "vsock:2:2048",
                "--timeout",
                "10m",
                "--json",
                "--model",
                Programs.MODEL));
    classify.addAll(expected.files());
    Path guest =
        new VmScript(directory)
            .runTo("result.json", classify.toArray())
            .runTo(
                "info.json",
                Programs.GUEST,
                "info",
                "--agent",
                "vsock:2:2048",
                "--timeout",
                "10m",
                "--count",
                "3",
                "--json")
            .write("guest");

    Programs.Finished vm = VmLane.NATIVE.runWithHost(directory, agent, "bash", guest);

    assertThat(vm.status()).as("%s%n%s%n%s", vm.out(), vm.err(), text("agent.log")).isZero();
    JsonObject result = JsonParser.parseString(text("result.json")).getAsJsonObject();
    expected.assertMatches(result, "vsock:2:2048");
    assertThat(text("info.json")).contains("vsock cid 3");
  }

  @Test
  void transportContract_clientInTheGuest() throws IOException {
    Path servers = new VmScript(directory).become("servers", servers()).write("servers");

    VmTests.assertPassed(
        VmLane.NATIVE.runWithHost(
            directory,
            servers,
            VmTests.contract("vsock:2:2047", "vsock:2:2048", "vsock:3", SLOWNESS).toArray()));
  }

  @Test
  void transportContract_clientOnTheHost() throws IOException {
    String control = "vsock:3:2047";
    // The end of the servers is that of the guest, and so that of the lane.
    Path client =
        new VmScript(directory)
            .atEnd("echo $? > client.status")
            .atEnd(VmTests.endContractServer(control).toArray())
            .runTo(
                "client.log",
                VmTests.contract(control, "vsock:3:2048", "vsock:2", SLOWNESS).toArray())
            .write("client");

    Programs.Finished vm = VmLane.NATIVE.runWithHost(directory, client, servers());

    assertThat(vm.status()).as("%s%n%s", vm.out(), vm.err()).isZero();
    VmTests.assertPassed(
        new Programs.Finished(
            Integer.parseInt(text("client.status").strip()), text("client.log"), vm.err()));
  }

  private static Object[] servers() {
    return VmTests.contractServer("vsock:any:2047", "vsock:any:2048").toArray();
  }

  private String text(String name) throws IOException {
    return Programs.text(directory.resolve(name));
  }
}
