package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The main job on other VMMs and backends than {@link HybridVmIT}'s: nothing in it is ours but
 * guest program and agent.
 */
final class VmMatrixIT {

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(names = {"QEMU", "QEMU_RUST_VMM"})
  void guestInVm_classifiesOnTheHost(VmLane lane) throws IOException {
    lane.assumeReady(directory);
    ExpectedPhotos expected = ExpectedPhotos.read();
    List<Object> classify =
        new ArrayList<>(
            List.of(
                // An emulated processor may need long for its first answer; then the guest would
                // do the work by itself.
                "env",
                "VACCEL_PLUGINS=vsock",
                Programs.GUEST,
                "classify",
                "--agent",
                "vsock:2:2048",
                // An emulated processor on a busy machine needs longer than the usual minute.
                "--timeout=5m",
                "--json",
                "--model",
                Programs.MODEL));
    classify.addAll(expected.files());

    Programs.Finished vm;
    try (RunningAgent agent =
        RunningAgent.start(directory, "hybrid:" + directory.resolve("v.sock") + ":2048")) {
      vm = lane.run(directory, classify.toArray());
      assertThat(vm.status()).as("%s%n%s%n%s", vm.out(), vm.err(), agent.log()).isZero();
      assertThat(agent.stop()).isZero();
    }

    JsonObject result = JsonParser.parseString(vm.out()).getAsJsonObject();
    expected.assertMatches(result, "vsock:2:2048");
  }
}
