package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vaccel-guest forward} as a process: gRPC clients on its sockets, an agent behind it. */
final class ForwardIT {
  @TempDir Path directory;

  private String unix(String name) {
    return "unix:" + directory.resolve(name);
  }

  private RunningProgram forwarder(String... listen) {
    List<String> command = new ArrayList<>(List.of(Programs.GUEST.toString(), "forward"));
    for (String endpoint : listen) {
      command.addAll(List.of("--listen", endpoint));
    }
    command.addAll(List.of("--agent", unix("agent.sock")));
    return new RunningProgram(directory, Map.of(), command);
  }

  private Programs.Finished classify(String agent) {
    return Programs.guest(
        directory,
        "classify",
        "--plugins",
        "vsock",
        "--agent",
        agent,
        "--model",
        Programs.MODEL,
        Programs.PHOTOS.resolve("coffee.jpg"));
  }

  @Test
  void clients_uploadAndClassify_alsoAfterTheAgentWasKilled() {
    try (RunningProgram forwarder = forwarder(unix("f.sock"), "tcp:127.0.0.1:0")) {
      String tcp = forwarder.log().replaceAll("(?s).*endpoint=(tcp:127.0.0.1:\\d+).*", "$1");
      Programs.Finished early = classify(unix("f.sock"));
      assertThat(early.status()).isEqualTo(1);
      assertThat(early.err()).contains(unix("f.sock")).doesNotContain("\tat ");

      for (int life = 1; life <= 2; life++) {
        try (RunningAgent agent = RunningAgent.start(directory, unix("agent.sock"))) {
          for (String endpoint : List.of(unix("f.sock"), tcp)) {
            Programs.Finished guest = classify(endpoint);
            assertThat(guest.status()).as(guest.err()).isZero();
            assertThat(guest.out()).contains("espresso");
          }
          agent.kill();
        }
        Programs.Finished without = classify(unix("f.sock"));
        assertThat(without.status()).isEqualTo(1);
      }

      forwarder.await(
          "carries nothing",
          () -> {
            forwarder.signal("USR1");
            return forwarder.log().contains("carrying open=0");
          });
      assertThat(forwarder.stop()).isZero();
      assertThat(forwarder.log()).contains("agent answers again").contains("stopped open=0");
      assertThat(directory.resolve("f.sock")).doesNotExist();
    }
  }

  @Test
  void programOnAUnixSocketInAGuest_reachesTheHostsAgentOverVsock() throws IOException {
    Path script =
        new VmScript(directory)
            .start(
                "forward", Programs.GUEST, "forward", "--listen", "unix:/run/f.sock", "--linger=5s")
            .runTo(
                "result.json",
                Programs.GUEST,
                "classify",
                "--timeout=5m",
                "--agent",
                "unix:/run/f.sock",
                "--plugins",
                "vsock",
                "--json",
                "--model",
                Programs.MODEL,
                Programs.PHOTOS.resolve("coffee.jpg"))
            // A VMM of hybrid vsock passes no half-close on, so the agent does not know that the
            // client has gone; the forwarder lets go of the connection all the same.
            .shell(
                "until grep -q 'carrying open=0' forward.log; do kill -USR1 $forward; sleep 1; done")
            .write("in-guest");

    try (RunningAgent agent =
        RunningAgent.start(directory, "hybrid:" + directory.resolve("v.sock") + ":2048")) {
      Programs.Finished vm =
          VmLane.UML.run(directory, "env", "VACCEL_RPC_ADDRESS=vsock:2:2048", "bash", script);
      assertThat(vm.status()).as("%s%n%s%n%s", vm.out(), vm.err(), agent.log()).isZero();
    }

    JsonObject image =
        JsonParser.parseString(Programs.text(directory.resolve("result.json")))
            .getAsJsonObject()
            .getAsJsonArray("images")
            .get(0)
            .getAsJsonObject();
    assertThat(image.getAsJsonArray("labels").get(0).getAsJsonObject().get("name").getAsString())
        .isEqualTo("espresso");
    assertThat(Programs.text(directory.resolve("forward.log")))
        .contains("forwarding endpoint=unix:/run/f.sock agent=vsock:2:2048")
        .contains("accepted=1 unreachable=0");
  }

  @Test
  void endOfOneDirection_leavesTheOtherOpen_overVsock() throws IOException {
    Path script =
        new VmScript(directory)
            .start(
                "forward",
                Programs.GUEST,
                "forward",
                "--listen",
                "unix:" + VmGuestHalfClose.FORWARDER,
                "--agent",
                VmGuestHalfClose.AGENT)
            .run(VmTests.command(VmGuestHalfClose.class.getName()).toArray())
            .write("in-guest");

    VmTests.assertPassed(VmLane.LOOPBACK.run(directory, "bash", script));
  }
}
