package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The clients in other languages in a guest VM. */
final class LanguageClientsVmIT {
  @TempDir Path directory;

  /** Those that speak AF_VSOCK themselves, with an agent in the same VM (lane A). */
  @ParameterizedTest
  @ValueSource(strings = {"go", "rust"})
  void photograph_isWhatItShows_overAfVsock(String language) throws IOException {
    LanguageClient client = new LanguageClient(language).assumeBuilt();
    Path script =
        new VmScript(directory)
            .startAgent()
            .run(classify(client, "vsock:1:2048"))
            .write("in-guest");

    Programs.Finished vm = VmLane.LOOPBACK.run(directory, "bash", script);

    assertThat(vm.status()).as("%s%n%s", vm.out(), vm.err()).isZero();
    assertThat(vm.out().lines()).singleElement().matches(LanguageClientsVmIT::isEspresso);
    assertThat(Programs.text(directory.resolve("agent.log"))).contains("vsock cid 1");
  }

  /** Those that do not, through the forwarder of the guest to an agent on the host (lane B). */
  @ParameterizedTest
  @ValueSource(strings = {"python", "node"})
  void photograph_isWhatItShows_throughTheForwarder(String language) throws IOException {
    LanguageClient client = new LanguageClient(language).assumeBuilt();
    Path script =
        new VmScript(directory)
            .start(
                "forward",
                Programs.GUEST,
                "forward",
                "--listen",
                "unix:/run/f.sock",
                "--listen",
                "tcp:127.0.0.1:4096",
                "--agent",
                "vsock:2:2048")
            .run(classify(client, "unix:/run/f.sock"))
            .run(classify(client, "tcp:127.0.0.1:4096"))
            .write("in-guest");

    try (RunningAgent agent =
        RunningAgent.start(directory, "hybrid:" + directory.resolve("v.sock") + ":2048")) {
      Programs.Finished vm = VmLane.UML.run(directory, "bash", script);

      assertThat(vm.status()).as("%s%n%s%n%s", vm.out(), vm.err(), agent.log()).isZero();
      assertThat(vm.out().lines()).hasSize(2).allMatch(LanguageClientsVmIT::isEspresso);
      // The second one finds the model of the first at the agent.
      assertThat(vm.err()).containsPattern("uploaded [1-9]").contains("uploaded 0 bytes");
    }
    assertThat(Programs.text(directory.resolve("forward.log")))
        .contains("accepted=2 unreachable=0");
  }

  private static boolean isEspresso(String line) {
    return line.contains("\tespresso\t") && line.endsWith("\tonnx on CPU");
  }

  private static Object[] classify(LanguageClient client, String agent) {
    return new Object[] {
      client.program(),
      "--timeout",
      "300",
      "--agent",
      agent,
      "--model",
      Programs.MODEL,
      Programs.PHOTOS.resolve("coffee.jpg")
    };
  }
}
