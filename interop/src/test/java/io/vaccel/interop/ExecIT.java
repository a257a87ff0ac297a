package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.contract.ExecLibraries;
import io.vaccel.interop.Programs.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code vaccel-guest exec} at an agent, both as a user runs them. */
final class ExecIT {
  @TempDir private Path directory;

  private RunningAgent agent(String guest) {
    List<String> options = new ArrayList<>();
    ExecLibraries.compiled().allowed().forEach(library -> options.add("--exec-library=" + library));
    options.add("--exec-allow=" + guest + "=" + ExecLibraries.BEHAVIOUR);
    options.add(
        "--exec-allow=" + guest + "=" + ExecLibraries.DEPENDENCY + "," + ExecLibraries.DEPENDENT);
    return RunningAgent.start(directory, endpoint(), options.toArray(String[]::new));
  }

  private String endpoint() {
    return "unix:" + directory.resolve("a.sock");
  }

  private Finished exec(Object... arguments) {
    List<Object> all =
        new ArrayList<>(List.of(Programs.GUEST, "exec", "--plugins=vsock", "--agent", endpoint()));
    all.addAll(List.of(arguments));
    // Before it answers, the agent tries whether libraries can be isolated; the machine may be
    // busy.
    return Programs.run(directory, all.toArray());
  }

  private static String thisUser() throws IOException {
    return "unix:" + Files.getAttribute(Path.of("/proc/self"), "unix:uid");
  }

  @Test
  void allowedGuest_callsLibrariesOfTheHost_andItsOwn() throws IOException {
    try (RunningAgent agent = agent(thisUser())) {
      Finished named =
          exec(
              "--library=" + ExecLibraries.BEHAVIOUR,
              "work",
              "--read=int32:5",
              "--read=float32-array:1,2,3",
              "--write=int32",
              "--write=float32-array:3");
      assertThat(named.err()).isEmpty();
      assertThat(named.status()).isZero();
      assertThat(named.out().lines())
          .containsExactly(
              "0  int32  11",
              "1  float32-array  2.0 4.0 6.0",
              "agent " + endpoint() + ", plugin exec, CPU");
      Finished own =
          exec(
              "--file=" + ExecLibraries.compiled().dependency(),
              "--file=" + ExecLibraries.compiled().dependent(),
              "work",
              "--read=int32:14",
              "--write=int32",
              "--save=0=" + directory.resolve("saved"),
              "--json");
      JsonObject document = JsonParser.parseString(own.out()).getAsJsonObject();
      JsonObject first = document.getAsJsonArray("write").get(0).getAsJsonObject();
      assertThat(first.get("type").getAsString()).isEqualTo("INT32");
      assertThat(first.getAsJsonArray("values").get(0).getAsInt()).isEqualTo(42);
      assertThat(Files.readAllBytes(directory.resolve("saved"))).containsExactly(42, 0, 0, 0);
      assertThat(agent.stop()).isZero();
    }
  }

  @Test
  void otherGuest_isRefused_andTheAgentLosesNothingToCrashes() throws IOException {
    try (RunningAgent agent = agent("unix:4000000000")) {
      Finished refused = exec("--library=" + ExecLibraries.BEHAVIOUR, "nothing");
      assertThat(refused.status()).isEqualTo(1);
      assertThat(refused.errorLines()).singleElement().asString().contains("is not among those");
      Finished own = exec("--file=" + ExecLibraries.compiled().dependency(), "times_three");
      assertThat(own.errorLines()).singleElement().asString().contains("is not among those");
      assertThat(agent.stop()).isZero();
    }
  }

  @Test
  void crash_isOneLine_andTheNextCallWorks() throws IOException {
    try (RunningAgent agent = agent(thisUser())) {
      Finished crashed = exec("--library=" + ExecLibraries.BEHAVIOUR, "crash", "--json");
      assertThat(crashed.status()).isEqualTo(1);
      assertThat(crashed.errorLines()).singleElement().asString().contains("the library crashed");
      assertThat(crashed.out()).contains("\"ENGINE_FAILED\"");
      assertThat(exec("--library=" + ExecLibraries.BEHAVIOUR, "nothing").status()).isZero();
      assertThat(agent.log()).doesNotContain("hs_err");
      try (Stream<Path> files = Files.list(directory)) {
        assertThat(files.map(Path::toString)).noneMatch(file -> file.contains("hs_err"));
      }
    }
  }

  @Test
  void withoutOptions_execIsOff_andSaysSo() {
    try (RunningAgent agent = RunningAgent.start(directory, endpoint())) {
      Finished off = exec("--library=x", "f");
      assertThat(off.status()).isEqualTo(1);
      assertThat(off.errorLines()).singleElement().asString().contains("does not offer exec");
      assertThat(Programs.guest(directory, "info", "--agent", endpoint()).out())
          .contains("exec is off: no library is allowed");
      agent.awaitLog("plugin exec usable=false");
      assertThat(agent.log().lines().filter(line -> line.contains("plugin exec ")))
          .as("nobody asked for it, so nobody is warned")
          .singleElement()
          .asString()
          .contains("INFO")
          .doesNotContain("WARN");
      assertThat(agent.stop()).isZero();
    }
  }

  @Test
  void wrongUsage_isCodeTwo() {
    assertThat(exec("f").errorLines()).first().asString().contains("--library NAME or --file FILE");
    assertThat(exec("--library=x", "f", "--read=int8:x").errorLines())
        .first()
        .asString()
        .contains("has a value that is no INT8");
    assertThat(exec("--library=x", "f", "--read=int8:x").status()).isEqualTo(2);
  }
}
