package io.vaccel.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vaccel.Model;
import io.vaccel.Profile;
import io.vaccel.Result;
import io.vaccel.VaccelException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Writes for programs: one document, described in {@code docs/GUEST-JSON.md}.
 *
 * @param <R> the result for one image
 */
final class PictureJson<R extends Result> implements PictureReport<R> {
  private final Findings<R> findings;
  private final PrintWriter out;
  private final JsonObject document = new JsonObject();
  private final JsonArray images = new JsonArray();
  private Optional<Profile> profile = Optional.empty();
  private boolean loaded;

  PictureJson(Findings<R> findings, PrintWriter out) {
    this.findings = findings;
    this.out = out;
  }

  @Override
  public void loaded(Path file, Model model, Duration took) {
    loaded = true;
    document.addProperty("model", file.toString());
    document.addProperty("uploadedBytes", model.loaded().uploadedBytes());
  }

  @Override
  public void done(Path file, R result, Duration took, List<WrittenFile> written) {
    JsonObject image = new JsonObject();
    image.addProperty("file", file.toString());
    findings.addTo(image, result);
    written.forEach(each -> image.addProperty(each.what(), each.file().toString()));
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
  public void measured(Profile measured) {
    profile = Optional.of(measured);
  }

  @Override
  public void end() {
    document.add("images", images);
    profile.ifPresent(measured -> ProfileText.addTo(document, measured));
    Json.print(document, out);
  }
}
