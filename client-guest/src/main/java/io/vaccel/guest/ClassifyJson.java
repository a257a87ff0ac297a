package io.vaccel.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vaccel.Classification;
import io.vaccel.Model;
import io.vaccel.VaccelException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;

/** Writes classifications for programs: one document, described in {@code docs/GUEST-JSON.md}. */
final class ClassifyJson implements ClassifyReport {
  private final PrintWriter out;
  private final JsonObject document = new JsonObject();
  private final JsonArray images = new JsonArray();
  private boolean loaded;

  ClassifyJson(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void loaded(Path file, Model model, Duration took) {
    loaded = true;
    document.addProperty("model", file.toString());
    document.addProperty("uploadedBytes", model.loaded().uploadedBytes());
  }

  @Override
  public void classified(Path file, Classification result, Duration took) {
    JsonArray labels = new JsonArray();
    for (Classification.Label label : result.labels()) {
      JsonObject one = new JsonObject();
      one.addProperty("index", label.index());
      one.addProperty("name", label.name());
      one.add("score", Json.number(label.score()));
      labels.add(one);
    }
    JsonObject image = new JsonObject();
    image.addProperty("file", file.toString());
    image.add("labels", labels);
    image.add("executedOn", Json.executedOn(result.executedOn()));
    image.addProperty("micros", took.toNanos() / 1000);
    images.add(image);
  }

  @Override
  public void failed(Path file, VaccelException error) {
    if (!loaded) {
      document.addProperty("model", file.toString());
      document.add("error", Json.error(error));
      return;
    }
    JsonObject image = new JsonObject();
    image.addProperty("file", file.toString());
    image.add("error", Json.error(error));
    images.add(image);
  }

  @Override
  public void end() {
    document.add("images", images);
    Json.print(document, out);
  }
}
