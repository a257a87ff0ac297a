package io.vaccel.guest;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.vaccel.EstimatePose;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Operations;
import io.vaccel.Poses;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Finds the joints of people. */
@Command(name = "pose", description = "Find people in pictures, and their joints.")
final class PoseCommand extends FindingCommand<EstimatePose, Poses> {

  PoseCommand(Console console, RuntimeOptions runtime) {
    super(Operations.IMAGE_POSE, new People(), console, runtime);
  }

  @Override
  EstimatePose input(Model loaded, Image image) {
    return new EstimatePose(loaded, image, annotate());
  }

  private static final class People implements Findings<Poses> {
    @Override
    public List<Row> rows(Poses result) {
      List<Row> rows = new ArrayList<>();
      for (Poses.Pose pose : result.poses()) {
        rows.add(new Row("person", pose.score(), ""));
        for (Poses.Keypoint point : pose.keypoints()) {
          String place = String.format(Locale.ROOT, "%.0f, %.0f", point.x(), point.y());
          rows.add(new Row("  " + point.name(), point.score(), place));
        }
      }
      return rows;
    }

    @Override
    public String remark(Poses result) {
      return result.poses().isEmpty() ? "nobody found" : "";
    }

    @Override
    public void addTo(JsonObject image, Poses result) {
      image.add("poses", Json.list(result.poses(), People::json));
    }

    private static JsonElement json(Poses.Pose pose) {
      JsonObject object = new JsonObject();
      object.add("score", Json.number(pose.score()));
      object.add("keypoints", Json.list(pose.keypoints(), People::json));
      return object;
    }

    private static JsonElement json(Poses.Keypoint point) {
      JsonObject object = new JsonObject();
      object.addProperty("name", point.name());
      object.addProperty("x", point.x());
      object.addProperty("y", point.y());
      object.add("score", Json.number(point.score()));
      return object;
    }
  }
}
