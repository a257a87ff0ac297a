package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * AF_VSOCK on both sides (lane C): the host is CID 2 by its kernel's vhost_vsock, the guest is
 * QEMU's, CID 3. The host is a virtual machine, too, so that this needs nothing of the real one.
 */
final class NativeVsockIT {

  @TempDir Path directory;

  @Test
  void guest_classifiesAtAnAgentOnVsock() throws IOException {
    ExpectedPhotos expected = ExpectedPhotos.read();
    String photos = expected.files().stream().map(VmTests::quoted).collect(Collectors.joining(" "));
    Path agent =
        script(
            "agent",
            "exec "
                + VmTests.quoted(Programs.AGENT)
                + " --listen vsock:any:2048 --state state > agent.log 2>&1");
    Path guest =
        script(
            "guest",
            "set -e",
            VmTests.quoted(Programs.GUEST)
                + " classify --agent vsock:2:2048 --json --model "
                + VmTests.quoted(Programs.MODEL)
                + " "
                + photos
                + " > result.json",
            VmTests.quoted(Programs.GUEST) + " info --agent vsock:2:2048 --json > info.json");

    Programs.Finished vm = VmLane.NATIVE.runWithHost(directory, agent, "bash", guest);

    assertThat(vm.status()).as("%s%n%s%n%s", vm.out(), vm.err(), text("agent.log")).isZero();
    JsonObject result = JsonParser.parseString(text("result.json")).getAsJsonObject();
    expected.assertMatches(result);
    JsonObject executedOn =
        result.getAsJsonArray("images").get(0).getAsJsonObject().getAsJsonObject("executedOn");
    assertThat(executedOn.getAsJsonArray("path").get(0).getAsString()).isEqualTo("vsock:2:2048");
    assertThat(text("info.json")).contains("vsock cid 3");
  }

  @Test
  void transportContract_clientInTheGuest() throws IOException {
    Path servers =
        script(
            "servers",
            words("exec", VmTests.contractServer("vsock:any:2047", "vsock:any:2048"))
                + " > servers.log 2>&1");

    VmTests.assertPassed(
        VmLane.NATIVE.runWithHost(
            directory,
            servers,
            VmTests.contract("vsock:2:2047", "vsock:2:2048", "vsock:3").toArray()));
  }

  @Test
  void transportContract_clientOnTheHost() throws IOException {
    Path client =
        script(
            "client",
            words("", VmTests.contract("vsock:3:2047", "vsock:3:2048", "vsock:2"))
                + " > client.log 2>&1",
            "echo $? > client.status");
    // The guest's end is the lane's end.
    Path servers =
        script(
            "servers",
            words("", VmTests.contractServer("vsock:any:2047", "vsock:any:2048")) + " &",
            "while [[ ! -s client.status ]]; do sleep 0.5; done",
            "kill $!");

    Programs.Finished vm = VmLane.NATIVE.runWithHost(directory, client, "bash", servers);

    assertThat(vm.status()).as("%s%n%s", vm.out(), vm.err()).isZero();
    VmTests.assertPassed(
        new Programs.Finished(
            Integer.parseInt(text("client.status").strip()), text("client.log"), vm.err()));
  }

  /** A script of the shell, which runs in the test's directory. */
  private Path script(String name, String... lines) throws IOException {
    List<String> script = new ArrayList<>(List.of("cd " + VmTests.quoted(directory)));
    script.addAll(List.of(lines));
    return Files.write(directory.resolve(name), script);
  }

  private static String words(String first, List<String> words) {
    return first + " " + words.stream().map(VmTests::quoted).collect(Collectors.joining(" "));
  }

  private String text(String name) throws IOException {
    return Programs.text(directory.resolve(name));
  }
}
