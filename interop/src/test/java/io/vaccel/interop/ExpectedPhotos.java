package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the sample photographs show, as another implementation computed it, and how near our results
 * must be.
 */
final class ExpectedPhotos {
  private final JsonArray photos;

  private ExpectedPhotos(JsonArray photos) {
    this.photos = photos;
  }

  static ExpectedPhotos read() throws IOException {
    String json = Programs.text(Programs.PHOTOS.resolve("expected.json"));
    return new ExpectedPhotos(
        JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("photos"));
  }

  List<Path> files() {
    return photos.asList().stream()
        .map(photo -> Programs.PHOTOS.resolve(photo.getAsJsonObject().get("file").getAsString()))
        .toList();
  }

  /**
   * Asserts that the best label of every photograph in a {@code classify --json} document is the
   * expected one, and that each was computed by ONNX Runtime at the agent with that endpoint.
   */
  void assertMatches(JsonObject result, String endpoint) {
    JsonArray images = result.getAsJsonArray("images");
    assertThat(images).hasSize(photos.size());
    for (int i = 0; i < photos.size(); i++) {
      JsonObject image = images.get(i).getAsJsonObject();
      JsonObject best = image.getAsJsonArray("labels").get(0).getAsJsonObject();
      assertMatches(i, best.get("name").getAsString(), best.get("score").getAsDouble());
      JsonObject executedOn = image.getAsJsonObject("executedOn");
      assertThat(executedOn.getAsJsonArray("path"))
          .as("agents that photograph %s went by", i)
          .containsExactly(new JsonPrimitive(endpoint));
      assertThat(executedOn.get("plugin").getAsString()).isEqualTo("onnx");
    }
  }

  /**
   * Asserts the same of the lines that the clients in other languages print: photograph, label,
   * score and place, with tabs between.
   */
  void assertMatches(String lines) {
    List<String[]> results = lines.lines().map(line -> line.split("\t", -1)).toList();
    assertThat(results).hasSize(photos.size());
    for (int i = 0; i < photos.size(); i++) {
      assertMatches(i, results.get(i)[1], Double.parseDouble(results.get(i)[2]));
    }
  }

  private void assertMatches(int index, String label, double score) {
    JsonObject expected = photos.get(index).getAsJsonObject();
    assertThat(label)
        .as("label of %s", expected.get("file"))
        .isEqualTo(expected.get("label").getAsString());
    assertThat(score)
        .as("score of %s", expected.get("file"))
        .isBetween(expected.get("minScore").getAsDouble(), expected.get("maxScore").getAsDouble());
  }
}
