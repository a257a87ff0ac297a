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
 * The main job across a VM boundary: a guest with a virtio-vsock device, an agent on the hybrid
 * socket (lane B).
 */
final class HybridVmIT {

  @TempDir Path directory;

  @Test
  void guestInVm_classifiesOnTheHost_andSendsTheModelOnce() throws IOException {
    ExpectedPhotos expected = ExpectedPhotos.read();
    Path script = directory.resolve("in-guest");
    List<String> lines = new ArrayList<>(List.of("set -e"));
    lines.add(classify(expected.files(), "first.json"));
    lines.add(classify(expected.files(), "second.json"));
    lines.add(
        "'"
            + Programs.GUEST
            + "' info --agent vsock:2:2048 --json > '"
            + directory
            + "/info.json'");
    Files.write(script, lines);

    try (RunningAgent agent =
        RunningAgent.start(directory, "hybrid:" + directory.resolve("v.sock") + ":2048")) {
      Programs.Finished vm = Programs.vm(directory, "hybrid", "bash", script);
      assertThat(vm.status()).as("%s%n%s%n%s", vm.out(), vm.err(), agent.log()).isZero();
      assertThat(agent.stop()).isZero();
    }

    JsonObject first = json("first.json");
    expected.assertMatches(first);
    assertThat(first.get("uploadedBytes").getAsLong()).isGreaterThan(Files.size(Programs.MODEL));
    JsonObject executedOn =
        first.getAsJsonArray("images").get(0).getAsJsonObject().getAsJsonObject("executedOn");
    assertThat(executedOn.getAsJsonArray("path").get(0).getAsString()).isEqualTo("vsock:2:2048");
    assertThat(executedOn.get("plugin").getAsString()).isEqualTo("onnx");

    JsonObject second = json("second.json");
    expected.assertMatches(second);
    assertThat(second.get("uploadedBytes").getAsLong()).isZero();

    // The guest learns who it is to the agent, but no path of the host.
    assertThat(Programs.text(directory.resolve("info.json")))
        .contains("hybrid")
        .doesNotContain(directory.toString());
  }

  @Test
  void pluginContract_acrossTheBoundary() {
    List<Object> command = new ArrayList<>(List.of("env", VmGuestContract.AGENT + "=vsock:2:2048"));
    command.addAll(VmTests.command(VmGuestContract.class.getName()));

    try (RunningAgent agent =
        RunningAgent.start(
            directory,
            "hybrid:" + directory.resolve("v.sock") + ":2048",
            "--limit",
            "calls-per-peer=" + RemoteContract.CALLS_AT_ONCE)) {
      VmTests.assertPassed(Programs.vm(directory, "hybrid", command.toArray()));
      assertThat(agent.stop()).isZero();
    }
  }

  private String classify(List<Path> photos, String result) {
    StringBuilder line = new StringBuilder();
    line.append("'")
        .append(Programs.GUEST)
        .append("' classify --agent vsock:2:2048 --json --model '");
    line.append(Programs.MODEL).append("'");
    photos.forEach(photo -> line.append(" '").append(photo).append("'"));
    return line.append(" > '").append(directory.resolve(result)).append("'").toString();
  }

  private JsonObject json(String name) throws IOException {
    return JsonParser.parseString(Programs.text(directory.resolve(name))).getAsJsonObject();
  }
}
