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

/** Agent and guest program in one VM, over the kernel's own AF_VSOCK, CID 1 (lane A). */
final class LoopbackVmIT {

  @TempDir Path directory;

  @Test
  void transportContract_overAfVsock() {
    List<Object> command = new ArrayList<>(List.of("env", "VACCEL_TEST_VSOCK=1"));
    command.addAll(
        VmTests.command("io.vaccel.transport.VsockTransportIT", "io.vaccel.transport.VsockIT"));

    VmTests.assertPassed(Programs.vm(directory, "loopback", command.toArray()));
  }

  @Test
  void pluginContract_overAfVsock() throws IOException {
    String tests =
        VmTests.command(VmGuestContract.class.getName()).stream()
            .map(VmTests::quoted)
            .collect(Collectors.joining(" "));

    VmTests.assertPassed(besideAnAgent("export " + VmGuestContract.AGENT + "=vsock:1:2048", tests));
  }

  @Test
  void agentAndGuest_overAfVsock() throws IOException {
    Path photo = Programs.PHOTOS.resolve("coffee.jpg");

    Programs.Finished vm =
        besideAnAgent(
            VmTests.quoted(Programs.GUEST)
                + " classify --agent vsock:1:2048 --json --model "
                + VmTests.quoted(Programs.MODEL)
                + " "
                + VmTests.quoted(photo)
                + " > result.json",
            VmTests.quoted(Programs.GUEST) + " info --agent vsock:1:2048 > info.txt");

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
    assertThat(Programs.text(directory.resolve("info.txt"))).contains("vsock cid 1");
  }

  /** Runs commands of a shell in a VM, in which an agent listens on port 2048. */
  private Programs.Finished besideAnAgent(String... commands) throws IOException {
    List<String> script = new ArrayList<>();
    script.add("set -e");
    script.add("cd " + VmTests.quoted(directory));
    script.add(
        VmTests.quoted(Programs.AGENT)
            + " --listen vsock:any:2048 --allow-cid 1 --state state"
            + " --limit calls-per-peer="
            + RemoteContract.CALLS_AT_ONCE
            + " > agent.log 2>&1 &");
    script.add("agent=$!");
    script.add("for i in $(seq 600); do grep -q ready agent.log && break; sleep 0.1; done");
    script.addAll(List.of(commands));
    script.add("kill $agent");
    script.add("wait $agent");
    Path file = Files.write(directory.resolve("in-guest"), script);
    return Programs.vm(directory, "loopback", "bash", file);
  }
}
