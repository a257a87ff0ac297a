package io.vaccel.backend.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.Classification;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The real classifier on real photographs, against scores that PyTorch and Pillow computed. */
final class SamplesTest {
  private static final Path SAMPLES = Path.of(System.getProperty("vaccel.samples"));

  private static Vaccel vaccel;
  private static Session session;
  private static Model model;

  @BeforeAll
  static void load() {
    vaccel = Vaccel.builder().set(Settings.PLUGINS, "image:onnx").load();
    session = vaccel.openSession();
    model = session.load(SAMPLES.resolve("models/efficientnet-lite0.onnx"));
  }

  @AfterAll
  static void close() {
    vaccel.close();
  }

  @TestFactory
  Stream<DynamicTest> photographs_areRecognised() throws IOException {
    String text = Files.readString(SAMPLES.resolve("photos/expected.json"));
    List<JsonElement> photos =
        JsonParser.parseString(text).getAsJsonObject().getAsJsonArray("photos").asList();
    assertThat(photos).hasSizeGreaterThan(5);
    return photos.stream()
        .map(JsonElement::getAsJsonObject)
        .map(photo -> DynamicTest.dynamicTest(photo.get("file").getAsString(), () -> check(photo)));
  }

  private static void check(JsonObject photo) {
    Image image = Image.read(SAMPLES.resolve("photos").resolve(photo.get("file").getAsString()));
    Classification result = session.classify(model, image);
    Classification.Label best = result.best();
    assertThat(best.name()).isEqualTo(photo.get("label").getAsString());
    assertThat(best.index()).isEqualTo(photo.get("index").getAsInt());
    assertThat(best.score())
        .isBetween(photo.get("minScore").getAsFloat(), photo.get("maxScore").getAsFloat());
    // The same filter as the reference, which however rounds between its two passes: 0.014 on the
    // dithered palette, below 0.001 on all others.
    assertThat(Math.abs(best.score() - photo.get("score").getAsFloat())).isLessThan(0.02f);
  }
}
