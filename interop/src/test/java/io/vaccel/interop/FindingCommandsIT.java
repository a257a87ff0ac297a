package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.ModelSpec;
import io.vaccel.ResourceFile;
import io.vaccel.contract.PictureContract;
import io.vaccel.contract.PictureModels;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * {@code detect}, {@code segment}, {@code pose} and {@code depth} of {@code vaccel-guest} at an
 * agent, as a user runs them: real models on a real photograph against what LiteRT found in it, and
 * the files that are written.
 */
final class FindingCommandsIT extends WithAgent {
  private static final Path PHOTO = Programs.ZOO.resolve("astronaut.jpg");
  private static final int SIDE = 512;

  private static JsonObject expected;

  @BeforeAll
  static void readExpected() throws IOException {
    JsonArray photos =
        JsonParser.parseString(Programs.text(Programs.ZOO.resolve("expected.json")))
            .getAsJsonObject()
            .getAsJsonArray("photos");
    expected = photos.get(0).getAsJsonObject();
    assertThat(expected.get("file").getAsString()).isEqualTo("zoo/astronaut.jpg");
  }

  @Test
  void detect_findsThePerson_andDrawsTheBox() throws IOException {
    Path out = directory.resolve("boxed.png");
    JsonObject image = json("detect", Programs.zoo("ssd-mobilenet-v2.tflite"), "--out", out, PHOTO);
    JsonObject found = first(image, "detections");
    JsonObject reference = first(expected, "detect");
    assertThat(found.get("name").getAsString()).isEqualTo("Person");
    assertThat(number(found, "score")).isCloseTo(number(reference, "score"), within(0.02));
    JsonArray box = reference.getAsJsonArray("box");
    List<String> fields = List.of("x", "y", "width", "height");
    for (int i = 0; i < fields.size(); i++) {
      assertThat(number(found.getAsJsonObject("box"), fields.get(i)))
          .as(fields.get(i))
          .isCloseTo(box.get(i).getAsDouble(), within(0.02 * SIDE));
    }
    assertThat(image.get("annotated").getAsString()).isEqualTo(out.toString());
    assertDrawn(out, 0.005, 0.2);
  }

  @Test
  void segment_findsTheirShare_andWritesTheMask() throws IOException {
    Path out = directory.resolve("masked.png");
    Path npy = directory.resolve("mask.npy");
    JsonObject image =
        json(
            "segment",
            Programs.zoo("person-segmentation.tflite"),
            "--out",
            out,
            "--npy",
            npy,
            PHOTO);
    double share = number(image.getAsJsonArray("classes").get(1).getAsJsonObject(), "share");
    assertThat(share).isCloseTo(number(expected.getAsJsonObject("segment"), "share"), within(0.01));
    int[] mask = NumpyFile.read(npy, "'<u2'", "(512, 512)").shorts();
    assertThat(mask).hasSize(SIDE * SIDE);
    assertThat(IntStream.of(mask).filter(index -> index == 1).count() / (double) mask.length)
        .isCloseTo(share, within(1e-4));
    assertDrawn(out, share - 0.05, 1);
  }

  @Test
  void pose_findsTheNose_andDrawsTheSkeleton() throws IOException {
    Path out = directory.resolve("skeleton.png");
    JsonObject image = json("pose", Programs.zoo("blazepose-full.tflite"), "--out", out, PHOTO);
    JsonObject nose = first(first(image, "poses"), "keypoints");
    JsonObject reference = first(expected.getAsJsonObject("pose"), "points");
    assertThat(nose.get("name").getAsString()).isEqualTo("nose");
    assertThat(number(nose, "x")).isCloseTo(number(reference, "x"), within(0.02 * SIDE));
    assertThat(number(nose, "y")).isCloseTo(number(reference, "y"), within(0.02 * SIDE));
    assertDrawn(out, 0.003, 0.2);
  }

  @Test
  void depth_isAMapAndAPicture() throws IOException {
    Path picture = directory.resolve("half-white.png");
    Files.write(picture, bytes(PictureContract.leftWhite(64, 32).data()));
    Path out = directory.resolve("depth.png");
    Path npy = directory.resolve("depth.npy");
    JsonObject image = json("depth", tinyDepth(), "--out", out, "--npy", npy, picture);
    assertThat(image.get("width").getAsInt()).isEqualTo(64);
    assertThat(number(image, "min")).isZero();
    assertThat(number(image, "max")).isEqualTo(1);
    float[] depth = NumpyFile.read(npy, "'<f4'", "(32, 64)").floats();
    assertThat(depth[0]).isEqualTo(1);
    assertThat(depth[63]).isZero();
    BufferedImage drawn = ImageIO.read(out.toFile());
    assertThat(List.of(drawn.getWidth(), drawn.getHeight())).containsExactly(64, 32);
    // Near is bright.
    assertThat(brightness(drawn.getRGB(1, 16))).isGreaterThan(brightness(drawn.getRGB(62, 16)));
  }

  @Test
  void severalPictures_goToADirectory_andABadOneIsReported() throws IOException {
    Path model = Programs.zoo("ssd-mobilenet-v2.tflite");
    Path bad = Files.writeString(directory.resolve("bad.jpg"), "no picture");
    Path cup = Programs.PHOTOS.resolve("coffee.jpg");
    Path out = Files.createDirectory(directory.resolve("several"));
    Programs.Finished guest =
        Programs.guest(
            directory, "detect", "--agent", endpoint, "--model", model, "--out", out, PHOTO, bad,
            cup);
    assertThat(guest.status()).isEqualTo(1);
    assertThat(guest.out())
        .contains("Person", "Coffee cup", "agent " + endpoint + ", plugin tflite, CPU");
    assertThat(guest.errorLines())
        .singleElement()
        .asString()
        .contains("bad.jpg", "image.detect at " + endpoint);
    assertThat(out)
        .isDirectoryContaining("glob:**/astronaut.detect.png")
        .isDirectoryContaining("glob:**/coffee.detect.png")
        .isDirectoryNotContaining("glob:**/bad*");
  }

  @Test
  void modelForOtherThings_isOneClearLine() {
    for (String command : List.of("detect", "segment", "pose", "depth")) {
      Programs.Finished guest =
          Programs.guest(
              directory, command, "--agent", endpoint, "--json", "--model", Programs.MODEL, PHOTO);
      assertThat(guest.status()).as(guest.out()).isEqualTo(1);
      assertThat(guest.errorLines())
          .singleElement()
          .asString()
          .contains("image." + command + " at " + endpoint, "image-classification");
      assertThat(guest.out()).contains("\"MODEL_MISMATCH\"");
    }
  }

  /** The document's part about the only picture. */
  private static JsonObject json(String command, Path model, Object... more) {
    List<Object> line =
        new ArrayList<>(List.of(command, "--agent", endpoint, "--json", "--model", model));
    line.addAll(Arrays.asList(more));
    Programs.Finished guest = Programs.guest(directory, line.toArray());
    assertThat(guest.status()).as(guest.err()).isZero();
    assertThat(guest.err()).isEmpty();
    JsonObject image = first(JsonParser.parseString(guest.out()).getAsJsonObject(), "images");
    JsonObject executedOn = image.getAsJsonObject("executedOn");
    assertThat(executedOn.getAsJsonArray("path").get(0).getAsString()).isEqualTo(endpoint);
    return image;
  }

  /** Asserts that so much of the photograph is not as it was, and the rest is. */
  private static void assertDrawn(Path file, double atLeast, double atMost) throws IOException {
    BufferedImage photo = ImageIO.read(PHOTO.toFile());
    BufferedImage drawn = ImageIO.read(file.toFile());
    assertThat(List.of(drawn.getWidth(), drawn.getHeight())).containsExactly(SIDE, SIDE);
    long other =
        IntStream.range(0, SIDE * SIDE)
            .filter(i -> drawn.getRGB(i % SIDE, i / SIDE) != photo.getRGB(i % SIDE, i / SIDE))
            .count();
    assertThat(other / (double) (SIDE * SIDE)).isBetween(atLeast, atMost);
  }

  private static Path tinyDepth() throws IOException {
    ModelSpec spec = PictureModels.depth();
    for (ResourceFile file : spec.resource().files()) {
      Files.write(directory.resolve(file.name()), file.readAll(1 << 20));
    }
    return directory.resolve(spec.resource().main().name());
  }

  private static byte[] bytes(ByteBuffer content) {
    byte[] bytes = new byte[content.remaining()];
    content.get(bytes);
    return bytes;
  }

  private static int brightness(int rgb) {
    return (rgb >> 16 & 0xff) + (rgb >> 8 & 0xff) + (rgb & 0xff);
  }

  private static double number(JsonObject object, String field) {
    return object.get(field).getAsDouble();
  }

  private static JsonObject first(JsonObject object, String list) {
    return object.getAsJsonArray(list).get(0).getAsJsonObject();
  }
}
