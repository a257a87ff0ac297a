package io.vaccel.backend.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.Detect;
import io.vaccel.Detections;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Operations;
import io.vaccel.Poses;
import io.vaccel.Segmentation;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.spi.PluginProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The real models of the zoo on real photographs, against what LiteRT, numpy and Pillow found
 * ({@code samples/zoo/reference.py}).
 */
final class ZooTest {
  private static final Path SAMPLES = Path.of(System.getProperty("vaccel.samples"));
  private static final Path ZOO = SAMPLES.resolve("zoo");

  /** Pillow rounds between its two passes, and crops whole pixels. */
  private static final float SCORE_TOLERANCE = 0.02f;

  /** Of candidates that score nearly the same, either may be the best. */
  private static final double MIN_OVERLAP = 0.9;

  private static final double MIN_SAME_PIXELS = 0.98;

  /** Of the picture's longer side, for points that are seen well. */
  private static final double PLACE_TOLERANCE = 0.02;

  private static final float SEEN_WELL = 0.9f;

  /** So near to the least score, either side may leave an object out. */
  private static final float MIN_SCORE = 0.3f;

  private static Vaccel vaccel;
  private static Session session;

  @BeforeAll
  static void open() {
    assumeTrue(
        ServiceLoader.load(PluginProvider.class).stream()
            .anyMatch(provider -> provider.get().name().equals("tflite")),
        "no plugin for TFLite models is among this module's test dependencies: add it");
    vaccel = Vaccel.builder().set(Settings.PLUGINS, "image:tflite").load();
    session = vaccel.openSession();
  }

  @AfterAll
  static void close() {
    if (vaccel != null) {
      vaccel.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> objects_areThoseOfTheReference() {
    Model model = model("ssd-mobilenet-v2.tflite");
    return each(
        photo -> true,
        photo -> {
          Detect detect = new Detect(model, image(photo), MIN_SCORE, false);
          List<Detections.Detection> found =
              session.call(Operations.IMAGE_DETECT, detect).detections();
          JsonArray expected = photo.getAsJsonArray("detect");
          for (JsonElement each : expected) {
            JsonObject object = each.getAsJsonObject();
            float score = object.get("score").getAsFloat();
            if (score > MIN_SCORE + SCORE_TOLERANCE) {
              assertThat(found).as(object.toString()).anyMatch(one -> isSame(one, object));
            }
          }
          assertThat(found.stream().filter(one -> isSure(one)).count())
              .isLessThanOrEqualTo(expected.size());
        });
  }

  private static boolean isSure(Detections.Detection found) {
    return found.label().score() > MIN_SCORE + SCORE_TOLERANCE;
  }

  private static boolean isSame(Detections.Detection found, JsonObject expected) {
    JsonArray box = expected.getAsJsonArray("box");
    Detections.Box place =
        new Detections.Box(
            box.get(0).getAsFloat(),
            box.get(1).getAsFloat(),
            box.get(2).getAsFloat(),
            box.get(3).getAsFloat());
    float score = expected.get("score").getAsFloat();
    return found.label().name().equals(expected.get("label").getAsString())
        && Math.abs(found.label().score() - score) < SCORE_TOLERANCE
        && Detector.overlap(found.box(), place) > MIN_OVERLAP;
  }

  @TestFactory
  Stream<DynamicTest> masksOfPeople_areThoseOfTheReference() {
    Model model = model("person-segmentation.tflite");
    // Without a person the model guesses, and a shift by half a pixel changes the guess.
    return each(
        photo -> !photo.getAsJsonObject("pose").getAsJsonArray("points").isEmpty(),
        photo -> {
          Segmentation result = session.segment(model, image(photo));
          JsonObject expected = photo.getAsJsonObject("segment");
          assertThat(result.shares().get(1))
              .isCloseTo(expected.get("share").getAsDouble(), within(0.01));
          JsonArray grid = expected.getAsJsonArray("grid");
          int side = grid.size();
          int same = 0;
          for (int row = 0; row < side; row++) {
            int y = (int) ((row + 0.5) / side * photo.get("height").getAsInt());
            for (int column = 0; column < side; column++) {
              int x = (int) ((column + 0.5) / side * photo.get("width").getAsInt());
              same += result.at(x, y) == grid.get(row).getAsString().charAt(column) - '0' ? 1 : 0;
            }
          }
          assertThat(same / (double) (side * side)).isGreaterThan(MIN_SAME_PIXELS);
        });
  }

  @TestFactory
  Stream<DynamicTest> joints_areThoseOfTheReference() {
    Model model = model("blazepose-full.tflite");
    return each(
        photo -> true,
        photo -> {
          List<Poses.Pose> poses = session.pose(model, image(photo)).poses();
          JsonArray expected = photo.getAsJsonObject("pose").getAsJsonArray("points");
          assertThat(poses).hasSize(expected.isEmpty() ? 0 : 1);
          int side = Math.max(photo.get("width").getAsInt(), photo.get("height").getAsInt());
          for (int i = 0; i < expected.size(); i++) {
            JsonObject point = expected.get(i).getAsJsonObject();
            Poses.Keypoint found = poses.get(0).keypoints().get(i);
            assertThat(found.name()).isEqualTo(point.get("name").getAsString());
            if (point.get("score").getAsFloat() > SEEN_WELL) {
              double distance =
                  Math.hypot(
                      found.x() - point.get("x").getAsDouble(),
                      found.y() - point.get("y").getAsDouble());
              assertThat(distance).as("%s", found).isLessThan(PLACE_TOLERANCE * side);
              assertThat(found.score()).isGreaterThan(SEEN_WELL - 0.1f);
            }
          }
        });
  }

  private static Model model(String file) {
    Path path = ZOO.resolve(file);
    assumeTrue(Files.exists(path), file + " is not there: run ./vaccel models");
    return session.load(path);
  }

  private static Image image(JsonObject photo) {
    return Image.read(SAMPLES.resolve(photo.get("file").getAsString()));
  }

  private static Stream<DynamicTest> each(Predicate<JsonObject> which, Consumer<JsonObject> check) {
    try {
      String text = Files.readString(ZOO.resolve("expected.json"));
      return JsonParser.parseString(text)
          .getAsJsonObject()
          .getAsJsonArray("photos")
          .asList()
          .stream()
          .map(JsonElement::getAsJsonObject)
          .filter(which)
          .map(
              photo ->
                  DynamicTest.dynamicTest(
                      photo.get("file").getAsString(), () -> check.accept(photo)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
