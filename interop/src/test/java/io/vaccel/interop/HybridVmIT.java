package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.contract.ExecLibraries;
import io.vaccel.contract.OpenClDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The main job across a VM boundary: a guest with a virtio-vsock device, an agent on the hybrid
 * socket (lane B).
 */
final class HybridVmIT {

  /** HTTP/2's preface and empty settings, as a shell's printf takes them. */
  private static final String HELLO =
      "PRI * HTTP/2.0\\r\\n\\r\\nSM\\r\\n\\r\\n\\0\\0\\0\\4\\0\\0\\0\\0\\0";

  @TempDir Path directory;

  @Test
  void guestInVm_classifiesOnTheHost_andSendsTheModelOnce() throws IOException {
    ExpectedPhotos expected = ExpectedPhotos.read();
    Path script =
        new VmScript(directory)
            .runTo("first.json", classify(expected.files()))
            .runTo("second.json", classify(expected.files()))
            .runTo("info.json", Programs.GUEST, "info", "--agent", "vsock:2:2048", "--json")
            .write("in-guest");

    try (RunningAgent agent =
        RunningAgent.start(directory, "hybrid:" + directory.resolve("v.sock") + ":2048")) {
      Programs.Finished vm = VmLane.UML.run(directory, "bash", script);
      assertThat(vm.status()).as("%s%n%s%n%s", vm.out(), vm.err(), agent.log()).isZero();
      assertThat(agent.stop()).isZero();
    }

    JsonObject first = json("first.json");
    expected.assertMatches(first, "vsock:2:2048");
    assertThat(first.get("uploadedBytes").getAsLong()).isGreaterThan(Files.size(Programs.MODEL));

    JsonObject second = json("second.json");
    expected.assertMatches(second, "vsock:2:2048");
    assertThat(second.get("uploadedBytes").getAsLong()).isZero();

    // The guest learns who it is to the agent, but no path of the host.
    assertThat(Programs.text(directory.resolve("info.json")))
        .contains("hybrid")
        .doesNotContain(directory.toString());
  }

  /**
   * The kernel by itself gives up after two seconds. The forwarder connects for each client at
   * once; when one gets no answer, the VMM's device stands still.
   */
  @Test
  void connectThatTheVmmIsSlowToAnswer_isWaitedFor() throws IOException {
    Path socket = directory.resolve("v.sock");
    Path script =
        new VmScript(directory)
            .start(
                "forward",
                Programs.GUEST,
                "forward",
                "--listen",
                "tcp:127.0.0.1:4096",
                "--agent",
                "vsock:2:2048",
                "--connect-timeout=5m")
            .shell("connect() { exec 3<>/dev/tcp/127.0.0.1/4096; printf '" + HELLO + "' >&3; }")
            .shell("answered() { [ \"$(timeout $1 head -c 9 <&3 | wc -c)\" = 9 ]; }")
            .shell("echo ready")
            .shell("connect; while answered 6; do connect; done")
            .shell("echo it stands still")
            .shell("answered 300; echo it was waited for")
            .write("in-guest");

    try (RunningAgent agent = RunningAgent.start(directory, "hybrid:" + socket + ":2048");
        RunningProgram guest = VmLane.UML.startAt(socket, directory, "bash", script)) {
      guest.signalChild("hybrid-vsock", "STOP");
      guest.awaitLog("it stands still");
      guest.signalChild("hybrid-vsock", "CONT");
      guest.awaitLog("it was waited for");
      assertThat(guest.awaitEnd()).as("%s%n%s", guest.log(), agent.log()).isZero();
    }
    assertThat(Programs.text(directory.resolve("forward.log"))).contains("unreachable=0");
  }

  @Test
  void wholeContract_acrossTheBoundary() {
    runInGuest(List.of(), VmGuestWholeContract.class);
  }

  @Test
  void contractOfModels_forEveryFormat_acrossTheBoundary() {
    runInGuest(List.of(), VmGuestModels.class);
  }

  @Test
  void everyCall_hasTheBitsAndTheErrorsOfTheHost() throws IOException {
    OpenClDriver.assumeInstalled();
    Map<FaithfulCase, String> outcomes = new LinkedHashMap<>();
    try (Vaccel host = EveryPlugin.load()) {
      for (FaithfulCase one : FaithfulCases.all()) {
        try (Session session = host.openSession()) {
          String outcome = Outcome.of(one, session);
          assertThat(Outcome.isGood(outcome)).as("%s: %s", one, outcome).isEqualTo(one.good());
          outcomes.put(one, outcome);
        }
      }
    }
    Path expected = directory.resolve("expected");
    VmGuestFaithful.writeDown(expected, outcomes);
    runInGuest(List.of(VmGuestFaithful.EXPECTED + "=" + expected), VmGuestFaithful.class);
  }

  /** Runs tests in a guest, whose agent has all engines and allows all that they need. */
  private void runInGuest(List<String> environment, Class<?> tests) {
    OpenClDriver.assumeInstalled();
    List<Object> command =
        new ArrayList<>(
            List.of(
                "env",
                // The files of the project are found from here.
                "--chdir=" + Path.of("").toAbsolutePath(),
                VmGuest.AGENT + "=vsock:2:2048",
                ExecLibraries.COMPILED + "=" + ExecLibraries.compiled().directory()));
    command.addAll(environment);
    command.addAll(VmTests.command(tests.getName()));
    List<String> options = new ArrayList<>(EveryPlugin.execOptions().toList());
    options.addAll(List.of("--limit", "calls-per-peer=" + RemoteContract.CALLS_AT_ONCE));

    try (RunningAgent agent =
        RunningAgent.start(
            Programs.FULL_AGENT,
            directory,
            EveryPlugin.environment(),
            "hybrid:" + directory.resolve("v.sock") + ":2048",
            options.toArray(String[]::new))) {
      VmTests.assertPassedAsFarAsFormatsGo(VmLane.UML.run(directory, command.toArray()));
      assertThat(agent.stop()).isZero();
    }
  }

  private static Object[] classify(List<Path> photos) {
    List<Object> command =
        new ArrayList<>(
            List.of(
                Programs.GUEST,
                "classify",
                "--timeout=5m",
                "--agent",
                "vsock:2:2048",
                "--json",
                "--model"));
    command.add(Programs.MODEL);
    command.addAll(photos);
    return command.toArray();
  }

  private JsonObject json(String name) throws IOException {
    return JsonParser.parseString(Programs.text(directory.resolve(name))).getAsJsonObject();
  }
}
