package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients that speak AF_VSOCK themselves, with an agent in the same VM (lane A). */
final class LanguageClientsVmIT {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"go", "rust"})
  void photograph_isWhatItShows_overAfVsock(String language) throws IOException {
    LanguageClient client = new LanguageClient(language).assumeBuilt();
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
                + client.program()
                + "' --agent vsock:1:2048 --model '"
                + Programs.MODEL
                + "' '"
                + Programs.PHOTOS.resolve("coffee.jpg")
                + "'",
            "kill $agent",
            "wait $agent"));

    Programs.Finished vm = Programs.vm(directory, "loopback", "bash", script);

    assertThat(vm.status()).as("%s%n%s", vm.out(), vm.err()).isZero();
    assertThat(vm.out()).contains("\tespresso\t").contains("\tonnx on CPU");
    assertThat(Programs.text(directory.resolve("agent.log"))).contains("vsock cid 1");
  }
}
