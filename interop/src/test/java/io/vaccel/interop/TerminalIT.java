package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What an upload shows on a terminal, which is a pseudo-terminal made by {@code script}, and that
 * it shows nothing anywhere else.
 */
final class TerminalIT {
  /**
   * The agent's digests are slow without compiled code, so the upload is long enough for a bar on
   * any machine.
   */
  private static final Map<String, String> SLOW = Map.of("VACCEL_JAVA_OPTS", "-Xint");

  private static final String ERASED = "\r\u001b[K";

  @TempDir Path directory;

  @Test
  void upload_onATerminal_showsABar_whichIsGoneAtTheEnd() {
    String endpoint = "unix:" + directory.resolve("a.sock");
    try (RunningAgent agent = RunningAgent.start(directory, SLOW, endpoint)) {
      String shown = inTerminal(classify(endpoint));

      assertThat(shown)
          .contains(ERASED + "efficientnet-lite0.onnx [", " %  ", " MiB of 8.9 MiB", "MiB/s")
          .contains("espresso");
      String afterTheBar = shown.substring(shown.lastIndexOf(ERASED) + ERASED.length());
      assertThat(afterTheBar).startsWith("model efficientnet-lite0.onnx").contains("espresso");
      assertThat(agent.stop()).isZero();
    }
  }

  @Test
  void upload_withoutATerminal_showsNoBar() {
    String endpoint = "unix:" + directory.resolve("a.sock");
    try (RunningAgent agent = RunningAgent.start(directory, SLOW, endpoint)) {
      Programs.Finished guest = Programs.run(directory, classify(endpoint).toArray());

      assertThat(guest.status()).as(guest.err()).isZero();
      assertThat(guest.out()).contains("uploaded in", "espresso").doesNotContain("\r", "\u001b");
      assertThat(guest.err()).isEmpty();
      assertThat(agent.stop()).isZero();
    }
  }

  /** All that a command writes to a terminal of its own. */
  private String inTerminal(List<Object> command) {
    String line = command.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    Programs.Finished script =
        Programs.run(
            directory,
            Map.of("TERM", "xterm", "COLUMNS", "120"),
            "script",
            "--quiet",
            "--return",
            "--command",
            line,
            "/dev/null");
    assertThat(script.status()).as(script.out() + script.err()).isZero();
    return script.out();
  }

  private static List<Object> classify(String endpoint) {
    return List.of(
        Programs.GUEST,
        "classify",
        "--agent",
        endpoint,
        "--model",
        Programs.MODEL,
        Programs.PHOTOS.resolve("coffee.jpg"));
  }
}
