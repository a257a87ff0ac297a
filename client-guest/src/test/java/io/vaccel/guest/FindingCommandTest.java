package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code detect}, {@code segment}, {@code pose} and {@code depth}. */
class FindingCommandTest {
  @TempDir Path directory;

  private final Guest guest = new Guest(FakePlugin.remote());
  private Path model;
  private Path coffee;
  private Path cup;

  @BeforeEach
  void files() throws IOException {
    model = Files.writeString(directory.resolve("net.onnx"), "model");
    coffee = Files.writeString(directory.resolve("coffee.jpg"), "coffee");
    cup = Files.writeString(directory.resolve("cup.jpg"), "cup");
  }

  @Test
  void objects_areATableWithTheirBoxes() {
    assertThat(guest.run("detect", "--model", model, coffee)).isZero();
    assertThat(guest.out())
        .contains(
            """
              dog           0.90  128, 20, 190 x 320  ██████████████████
              Egyptian cat  0.42  7, 20, 190 x 320    ████████▍
              agent vsock:2:2048, plugin onnx, CPU
            """);
  }

  @Test
  void nothing_isSaid() {
    assertThat(guest.run("detect", "--min-score", "0.95", "--model", model, coffee)).isZero();
    assertThat(guest.out()).contains("  nothing found\n");
  }

  @Test
  void classes_areSharesOfThePicture() {
    assertThat(guest.run("segment", "--model", model, coffee)).isZero();
    assertThat(guest.out())
        .contains("  background  0.75", "  person      0.25")
        .doesNotContain("sky");
  }

  @Test
  void joints_areNamedAndPlaced() {
    assertThat(guest.run("pose", "--model", model, coffee)).isZero();
    assertThat(guest.out()).contains("  person        0.75", "    left elbow  0.98  311, 402");
  }

  @Test
  void depth_isARange() {
    assertThat(guest.run("depth", "--model", model, coffee)).isZero();
    assertThat(guest.out()).contains("  3 x 1 values from 0.5000 to 8.250, median 2.000\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"detect", "segment", "pose", "depth"})
  void out_isTheDrawnPicture(String command) {
    Path out = directory.resolve("boxed.png");
    assertThat(guest.run(command, "--model", model, "--out", out, coffee)).isZero();
    assertThat(out).hasContent(FakeFindings.PNG);
    assertThat(guest.out()).contains("  annotated: " + out + "\n");
  }

  @Test
  void severalPictures_goToADirectory() {
    assertThat(guest.run("detect", "--model", model, "--out", directory, coffee, cup)).isZero();
    assertThat(directory.resolve("coffee.detect.png")).hasContent(FakeFindings.PNG);
    assertThat(directory.resolve("cup.detect.png")).hasContent(FakeFindings.PNG);
  }

  @Test
  void placesWhereNotAllFilesCanBeWritten_areWrongUsage() throws IOException {
    Path file = directory.resolve("one.png");
    assertUsage(
        "--out: " + file + " must be a directory, because there are several images",
        "detect --out",
        file,
        coffee,
        cup);
    Path twin = Files.createDirectory(directory.resolve("more")).resolve("coffee.jpg");
    assertUsage(
        "--npy: two images would be written to " + directory.resolve("coffee.depth.npy"),
        "depth --npy",
        directory,
        coffee,
        twin);
    assertUsage("--out: " + coffee + " is the image itself", "pose --out", coffee, coffee);
    assertThat(coffee).hasContent("coffee");
    assertUsage("--min-score must be 0 to 1, not 1.5", "detect --min-score", 1.5, coffee);
  }

  private void assertUsage(String problem, String commandAndOption, Object value, Path... images) {
    Guest one = new Guest(FakePlugin.remote());
    String[] start = commandAndOption.split(" ");
    String[] all = new String[5 + images.length];
    all[0] = start[0];
    all[1] = "--model";
    all[2] = model.toString();
    all[3] = start[1];
    all[4] = value.toString();
    for (int i = 0; i < images.length; i++) {
      all[5 + i] = images[i].toString();
    }
    assertThat(one.run((Object[]) all)).isEqualTo(2);
    assertThat(one.err()).startsWith("vaccel-guest: " + problem + "\n");
  }

  @Test
  void fileThatCannotBeWritten_isReported() {
    Path out = directory.resolve("none/boxed.png");
    assertThat(guest.run("detect", "--model", model, "--out", out, coffee)).isEqualTo(1);
    assertThat(guest.err())
        .isEqualTo("vaccel-guest: " + coffee + ": cannot write " + out + ": no such directory\n");
  }

  @Test
  void npy_isWhatNumpyReads() throws IOException {
    Path npy = directory.resolve("mask.npy");
    assertThat(guest.run("segment", "--model", model, "--npy", npy, coffee)).isZero();
    byte[] bytes = Files.readAllBytes(npy);
    // numpy.save of numpy.array([[1, 0], [0, 0]], "uint16") with numpy 2.4.6.
    String header =
        "934e554d5059010076007b276465736372273a20273c7532272c2027666f727472616e5f6f72646572273a"
            + "2046616c73652c20277368617065273a2028322c2032292c207d";
    assertThat(HexFormat.of().formatHex(bytes)).startsWith(header).endsWith("200a0100000000000000");
    assertThat(bytes).hasSize(128 + 8);
  }

  @Test
  void json_hasWhatWasFound() {
    JsonObject dog = json("detect").getAsJsonArray("detections").get(0).getAsJsonObject();
    assertThat(dog.get("name").getAsString()).isEqualTo("dog");
    assertThat(dog.get("index").getAsInt()).isEqualTo(2);
    assertThat(dog.getAsJsonObject("box").get("width").getAsFloat()).isEqualTo(190);
    JsonObject segment = json("segment");
    assertThat(segment.get("width").getAsInt()).isEqualTo(2);
    assertThat(segment.getAsJsonArray("classes")).hasSize(3);
    JsonObject pose = json("pose").getAsJsonArray("poses").get(0).getAsJsonObject();
    assertThat(pose.get("score").getAsFloat()).isEqualTo(0.75f);
    assertThat(pose.getAsJsonArray("keypoints").get(0).getAsJsonObject().get("y").getAsFloat())
        .isEqualTo(402);
    JsonObject depth = json("depth");
    assertThat(depth.get("median").getAsFloat()).isEqualTo(2);
    assertThat(depth.get("annotated").getAsString()).endsWith("out.png");
  }

  private JsonObject json(String command) {
    Guest one = new Guest(FakePlugin.remote());
    Path out = directory.resolve("out.png");
    assertThat(one.run(command, "--json", "--model", model, "--out", out, coffee)).isZero();
    JsonObject document = JsonParser.parseString(one.out()).getAsJsonObject();
    return document.getAsJsonArray("images").get(0).getAsJsonObject();
  }
}
