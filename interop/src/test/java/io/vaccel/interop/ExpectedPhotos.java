package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
   * expected one.
   */
  void assertMatches(JsonObject result) {
    JsonArray images = result.getAsJsonArray("images");
    assertThat(images).hasSize(photos.size());
    for (int i = 0; i < photos.size(); i++) {
      JsonObject expected = photos.get(i).getAsJsonObject();
      JsonElement best = images.get(i).getAsJsonObject().getAsJsonArray("labels").get(0);
      assertThat(best.getAsJsonObject().get("name").getAsString())
          .as("label of %s", expected.get("file"))
          .isEqualTo(expected.get("label").getAsString());
      assertThat(best.getAsJsonObject().get("score").getAsDouble())
          .as("score of %s", expected.get("file"))
          .isBetween(
              expected.get("minScore").getAsDouble(), expected.get("maxScore").getAsDouble());
    }
  }
}
