package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agent and guest program in one VM, over the kernel's own AF_VSOCK, CID 1 (lane A). */
final class LoopbackVmIT {

  @TempDir Path directory;

  @Test
  void transportContract_overAfVsock() {
    Programs.Finished vm =
        Programs.vm(
            directory,
            "loopback",
            "env",
            "VACCEL_TEST_VSOCK=1",
            Path.of(System.getProperty("java.home"), "bin", "java"),
            "-Xmx512m",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            "org.junit.platform.console.ConsoleLauncher",
            "execute",
            "--disable-banner",
            "--details=tree",
            "--select-class=io.vaccel.transport.VsockTransportIT",
            "--select-class=io.vaccel.transport.VsockIT");

    assertThat(vm.status()).as("%s%n%s", vm.out(), vm.err()).isZero();
    // Every one of them ran: none was skipped or gave up on an assumption.
    assertThat(vm.out())
        .containsPattern("\\[ *[1-9][0-9]* tests successful")
        .containsPattern("\\[ *0 tests failed")
        .containsPattern("\\[ *0 tests skipped")
        .containsPattern("\\[ *0 tests aborted");
  }

  @Test
  void agentAndGuest_overAfVsock() throws IOException {
    Path script = directory.resolve("in-guest");
    Files.write(
        script,
        List.of(
            "set -e",
            "cd '" + directory + "'",
            "'"
                + Programs.AGENT
                + "' --listen vsock:any:2048 --allow-cid 1 --state state > agent.log 2>&1 &",
            "agent=$!",
            "for i in $(seq 600); do grep -q ready agent.log && break; sleep 0.1; done",
            "'"
                + Programs.GUEST
                + "' classify --agent vsock:1:2048 --json --model '"
                + Programs.MODEL
                + "' '"
                + Programs.PHOTOS.resolve("coffee.jpg")
                + "' > result.json",
            "'" + Programs.GUEST + "' info --agent vsock:1:2048 > info.txt",
            "kill $agent",
            "wait $agent"));

    Programs.Finished vm = Programs.vm(directory, "loopback", "bash", script);

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
}
