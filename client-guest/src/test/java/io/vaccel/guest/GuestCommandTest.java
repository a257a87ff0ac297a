package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuestCommandTest {
  @TempDir Path directory;

  private final Guest guest = new Guest(FakePlugin.local());

  @Test
  void help_namesTheCommandsAndTheExitCodes() {
    assertThat(guest.run("--help")).isZero();
    assertThat(guest.out())
        .contains(
            "classify",
            "info",
            "doctor",
            "forward",
            "completion",
            "VACCEL_RPC_ADDRESS",
            "Exit codes");
    assertThat(guest.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "classify",
        "detect",
        "segment",
        "pose",
        "depth",
        "run",
        "sgemm",
        "genop",
        "exec",
        "info",
        "doctor",
        "forward",
        "completion"
      })
  void everyCommand_hasHelpAndVersion(String command) {
    assertThat(guest.run(command, "--help")).isZero();
    assertThat(guest.out()).startsWith("Usage: vaccel-guest " + command);
    assertThat(guest.run(command, "--version")).isZero();
    assertThat(guest.out()).contains("vaccel-guest (not packaged)");
  }

  @Test
  void version_namesProgramAndJava() {
    assertThat(guest.run("--version")).isZero();
    assertThat(guest.out())
        .isEqualTo(
            "vaccel-guest (not packaged)\nJava "
                + System.getProperty("java.version")
                + ", "
                + System.getProperty("os.arch")
                + "\n");
  }

  @Test
  void wrongUsage_isTwoLinesAndCodeTwo() {
    assertUsage("vaccel-guest: name a command", "vaccel-guest");
    assertUsage(
        "vaccel-guest: Unmatched argument at index 0: 'clasify'", "vaccel-guest", "clasify");
    assertUsage(
        "vaccel-guest: Unknown option: '--modle'",
        "vaccel-guest classify",
        "classify",
        "--modle",
        "--model",
        "x.onnx",
        "x.jpg");
    assertUsage(
        "vaccel-guest: Missing required option: '--model=FILE'",
        "vaccel-guest classify",
        "classify",
        "x.jpg");
    assertUsage(
        "vaccel-guest: Missing required parameter: 'IMAGE'",
        "vaccel-guest classify",
        "classify",
        "--model",
        "x.onnx");
    assertUsage(
        "vaccel-guest: Invalid value for option '--timeout': '-3s' is no duration;"
            + " examples are 500ms, 30s, 2m, 1h",
        "vaccel-guest info",
        "info",
        "--timeout",
        "-3s");
  }

  private static void assertUsage(String problem, String command, Object... arguments) {
    Guest one = new Guest(FakePlugin.local());
    assertThat(one.run(arguments)).isEqualTo(2);
    assertThat(one.err()).isEqualTo(problem + "\nTry '" + command + " --help'.\n");
    assertThat(one.out()).isEmpty();
  }

  @Test
  void verbose_showsWhereTheErrorComesFrom() {
    Path none = directory.resolve("none.onnx");
    assertThat(guest.run("classify", "--verbose", "--model", none, "x.jpg")).isEqualTo(1);
    assertThat(guest.err())
        .startsWith("vaccel-guest: model.load: no model file " + none + "\n")
        .contains("\tat io.vaccel.");
  }

  @Test
  void unknownPlugin_isOneLine() {
    Guest classPath = new Guest();
    assertThat(classPath.run("info", "--plugins", "cuda")).isEqualTo(1);
    assertThat(classPath.err())
        .startsWith("vaccel-guest: VACCEL_PLUGINS names 'cuda'; on the class path are [")
        .endsWith("]\n");
    assertThat(classPath.err().lines()).hasSize(1);
  }

  @Test
  void completion_isAScriptThatBashAccepts() throws Exception {
    assertThat(guest.run("completion")).isZero();
    assertThat(guest.out()).contains("classify", "--model", "complete -F");
    Path script = Files.writeString(directory.resolve("completion"), guest.out());
    assertThat(bash("-n", script.toString())).isZero();
  }

  private static int bash(String... arguments) throws IOException, InterruptedException {
    Process bash = new ProcessBuilder("bash", arguments[0], arguments[1]).inheritIO().start();
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return bash.exitValue();
  }
}
