package io.vaccel.guest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vaccel.Detect;
import io.vaccel.Detections;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Operations;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds objects. */
@Command(name = "detect", description = "Find objects in pictures, and where they are.")
final class DetectCommand extends FindingCommand<Detect, Detections> {
  @Option(
      names = "--min-score",
      paramLabel = "SCORE",
      defaultValue = "0",
      description = "The least score that counts, 0 to 1 (default: the model's own).")
  private float minScore;

  DetectCommand(Console console, RuntimeOptions runtime) {
    super(Operations.IMAGE_DETECT, new Objects(), console, runtime);
  }

  @Override
  void check(List<Path> images) {
    super.check(images);
    if (!(minScore >= 0 && minScore <= 1)) {
      throw wrongUsage("--min-score must be 0 to 1, not " + minScore);
    }
  }

  @Override
  Detect input(Model loaded, Image image) {
    return new Detect(loaded, image, minScore, annotate());
  }

  private static final class Objects implements Findings<Detections> {
    @Override
    public List<Row> rows(Detections result) {
      return result.detections().stream()
          .map(
              found -> new Row(found.label().name(), found.label().score(), found.box().toString()))
          .toList();
    }

    @Override
    public String remark(Detections result) {
      return result.detections().isEmpty() ? "nothing found" : "";
    }

    @Override
    public void addTo(JsonObject image, Detections result) {
      image.add("detections", Json.list(result.detections(), Objects::json));
    }

    private static JsonElement json(Detections.Detection found) {
      JsonObject object = Json.label(found.label());
      JsonObject box = new JsonObject();
      box.addProperty("x", found.box().x());
      box.addProperty("y", found.box().y());
      box.addProperty("width", found.box().width());
      box.addProperty("height", found.box().height());
      object.add("box", box);
      return object;
    }
  }
}
