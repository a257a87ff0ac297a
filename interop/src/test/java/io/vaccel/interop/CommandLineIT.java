package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Both programs as a user runs them, over a Unix socket: what they print, and what they say of bad
 * input.
 */
final class CommandLineIT extends WithAgent {
  private static final Map<String, String> REMOTE_ONLY = Map.of("VACCEL_PLUGINS", "vsock");

  /** Enough for the agent to be killed while some are still to be done. */
  private static final int MANY_PICTURES = 400;

  @Test
  void allPhotographs_areWhatTheyShow() throws IOException {
    ExpectedPhotos expected = ExpectedPhotos.read();
    List<Object> arguments =
        new ArrayList<>(
            List.of("classify", "--agent", endpoint, "--json", "--model", Programs.MODEL));
    arguments.addAll(expected.files());

    Programs.Finished guest = Programs.guest(directory, arguments.toArray());

    assertThat(guest.status()).as(guest.err()).isZero();
    expected.assertMatches(JsonParser.parseString(guest.out()).getAsJsonObject(), endpoint);
  }

  @Test
  void info_saysWhoWeAreAndWhatCanBeDone() {
    Programs.Finished guest = Programs.guest(directory, "info", "--agent", endpoint);

    assertThat(guest.status()).as(guest.err()).isZero();
    assertThat(guest.out())
        .contains("unix uid", "onnx", "image.classify")
        .containsPattern("agent version +0\\.1\\.0")
        .containsPattern("round trip.* [0-9.]+ (us|ms|s)\\b");
  }

  @Test
  void onePixel_isStillAPicture() throws IOException {
    Path picture = Pictures.png(directory.resolve("1x1.png"), 1, 1);

    Programs.Finished guest = classify(Programs.MODEL, picture, "--json");

    assertThat(guest.status()).as(guest.err()).isZero();
    JsonObject image =
        JsonParser.parseString(guest.out())
            .getAsJsonObject()
            .getAsJsonArray("images")
            .get(0)
            .getAsJsonObject();
    assertThat(image.getAsJsonArray("labels")).isNotEmpty();
  }

  @Test
  void missingModel_isOneClearLine() {
    assertFailure(
        classify(directory.resolve("none.onnx"), coffee()),
        "model.load: no model file",
        "none.onnx");
  }

  @Test
  void emptyModel_isOneClearLine() throws IOException {
    Path model = Files.createFile(directory.resolve("empty.onnx"));

    assertFailure(classify(model, coffee()), "model.load: ", "empty.onnx", "is empty");
  }

  @Test
  void textAsModel_isOneClearLine_withTheEndpoint() throws IOException {
    Path model = Files.writeString(directory.resolve("text.onnx"), "this is no model\n".repeat(99));

    assertFailure(classify(model, coffee()), "model.load at " + endpoint, "text.onnx", "ONNX");
  }

  @Test
  void truncatedJpeg_isOneClearLine_withOperationAndEndpoint() throws IOException {
    byte[] whole = Files.readAllBytes(coffee());
    Path picture =
        Files.write(directory.resolve("half.jpg"), Arrays.copyOf(whole, whole.length / 2));

    assertFailure(
        classify(Programs.MODEL, picture), "image.classify at " + endpoint, "half.jpg", "cut off");
  }

  @Test
  void textAsPicture_isOneClearLine() throws IOException {
    Path picture = Files.writeString(directory.resolve("text.jpg"), "no picture\n".repeat(50));

    assertFailure(classify(Programs.MODEL, picture), "image.classify at " + endpoint, "text.jpg");
  }

  @Test
  void hugePicture_isRefusedByItsHeader() throws IOException {
    Path picture = Pictures.png(directory.resolve("huge.png"), 60_000, 60_000);
    assertThat(Files.size(picture)).isLessThan(10_000);

    assertFailure(
        classify(Programs.MODEL, picture), "image.classify at " + endpoint, "60000", "limit");
  }

  @Test
  void goodPicturesBesideABadOne_areClassified() throws IOException {
    Path bad = Files.writeString(directory.resolve("bad.jpg"), "no picture");

    Programs.Finished guest =
        Programs.guest(
            directory, "classify", "--agent", endpoint, "--model", Programs.MODEL, bad, coffee());

    assertThat(guest.status()).isEqualTo(1);
    assertThat(guest.out()).contains("espresso");
    assertThat(guest.err()).contains("bad.jpg");
  }

  @Test
  void nobodyListening_isOneClearLine() {
    String nobody = "unix:" + directory.resolve("nobody.sock");

    assertFailure(
        Programs.run(directory, REMOTE_ONLY, classifyCoffee(nobody)), "model.load at " + nobody);
  }

  @Test
  void nobodyListening_isDoneByTheGuestItself_whichSaysSo() {
    String nobody = "unix:" + directory.resolve("nobody.sock");

    Programs.Finished guest = Programs.run(directory, classifyCoffee(nobody));

    assertThat(guest.status()).as(guest.err()).isZero();
    assertThat(guest.out()).contains("espresso").contains("here, plugin onnx");
    assertThat(guest.err()).contains(nobody);
  }

  @Test
  void passedDeadline_isOneClearLine() {
    assertFailure(classify(Programs.MODEL, coffee(), "--timeout", "1ms"), endpoint, "1 ms");
  }

  @Test
  void wrongEndpoint_isWrongUsage() {
    Programs.Finished guest =
        Programs.guest(
            directory, "classify", "--agent", "ftp:host:1", "--model", Programs.MODEL, coffee());

    assertThat(guest.status()).isEqualTo(2);
    assertThat(guest.err()).contains("ftp:host:1");
  }

  @Test
  void agentKilledInTheMiddle_isAClearError_notAHang() throws Exception {
    Ended guest =
        guestWhoseAgentIsKilled(Files.createDirectory(directory.resolve("killed")), REMOTE_ONLY);

    assertThat(guest.status()).isEqualTo(1);
    List<String> lines = guest.err().lines().toList();
    assertThat(lines).last().asString().matches("vaccel-guest: [0-9]+ more images? w.* not tried");
    assertThat(lines.subList(0, lines.size() - 1))
        .isNotEmpty()
        .allSatisfy(
            line ->
                assertThat(line)
                    .startsWith("vaccel-guest: ")
                    .contains("image.classify at unix:", "killed/a.sock: "));
  }

  @Test
  void agentKilledInTheMiddle_theGuestGoesOnByItself() throws Exception {
    Ended guest =
        guestWhoseAgentIsKilled(Files.createDirectory(directory.resolve("alone")), Map.of());

    assertThat(guest.status()).as(guest.err()).isZero();
    assertThat(guest.out()).contains("agent unix:").contains("here, plugin onnx");
  }

  private record Ended(int status, String out, String err) {}

  private static Ended guestWhoseAgentIsKilled(Path own, Map<String, String> environment)
      throws Exception {
    String socket = "unix:" + own.resolve("a.sock");
    List<String> command =
        new ArrayList<>(Arrays.stream(classifyCoffee(socket)).map(String::valueOf).toList());
    command.addAll(Collections.nCopies(MANY_PICTURES, coffee().toString()));
    Path out = own.resolve("out");
    Path err = own.resolve("err");
    try (RunningAgent victim = RunningAgent.start(own, socket)) {
      Process guest =
          Programs.start(
              new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()),
              environment);
      while (!Programs.text(out).contains("espresso")) {
        assertThat(guest.waitFor(20, TimeUnit.MILLISECONDS)).as(Programs.text(err)).isFalse();
      }
      victim.kill();
      assertThat(guest.waitFor(600, TimeUnit.SECONDS)).as("the guest ends").isTrue();
      return new Ended(guest.exitValue(), Programs.text(out), Programs.text(err));
    }
  }

  @Test
  void secondAgentOnTheSameSocket_failsAtOnceWithOneLine() {
    Programs.Finished second =
        Programs.run(
            directory,
            Programs.AGENT,
            "--listen",
            endpoint,
            "--state",
            directory.resolve("second-state"));

    assertThat(second.status()).isEqualTo(1);
    assertThat(second.out() + second.err()).contains(endpoint).contains("in use");
  }

  @Test
  void helpAndVersion_areThere() {
    for (Path program : List.of(Programs.AGENT, Programs.GUEST)) {
      assertThat(Programs.run(directory, program, "--help").out()).contains("Usage:");
      assertThat(Programs.run(directory, program, "--version").out()).contains("0.1.0");
      assertThat(Programs.run(directory, program, "--no-such-option").status()).isEqualTo(2);
    }
  }

  private static Path coffee() {
    return Programs.PHOTOS.resolve("coffee.jpg");
  }

  private static Object[] classifyCoffee(String agent) {
    return new Object[] {
      Programs.GUEST, "classify", "--agent", agent, "--model", Programs.MODEL, coffee()
    };
  }

  private static Programs.Finished classify(Path model, Path picture, Object... more) {
    List<Object> arguments =
        new ArrayList<>(List.of("classify", "--agent", endpoint, "--model", model));
    arguments.addAll(Arrays.asList(more));
    arguments.add(picture);
    return Programs.guest(directory, arguments.toArray());
  }

  private static void assertFailure(Programs.Finished guest, String... parts) {
    assertThat(guest.status()).as(guest.out() + guest.err()).isEqualTo(1);
    assertThat(guest.errorLines()).hasSize(1);
    assertThat(guest.err()).contains(parts).doesNotContain("Exception").doesNotContain("\tat ");
  }
}
