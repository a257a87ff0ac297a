package io.vaccel.backend.image;

import io.vaccel.EstimatePose;
import io.vaccel.ModelRun;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Poses;
import io.vaccel.Poses.Keypoint;
import io.vaccel.Poses.Pose;
import io.vaccel.spi.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Performs {@code image.pose}: looks at the whole picture and, where the metadata says how, once
 * more at the person found there.
 */
final class PoseEstimator implements ImageTask<EstimatePose, Poses> {

  @Override
  public Operation<EstimatePose, Poses> operation() {
    return Operations.IMAGE_POSE;
  }

  @Override
  public Poses perform(EstimatePose input, ImageModel model, Pipeline pipeline, Call call) {
    PoseOutput form = model.output(PoseOutput.class, operation());
    boolean keeps = input.annotate() || form.crop().isPresent();
    Pipeline.Working working = Canvas.working(input.annotate());
    try (Scene scene = pipeline.open(input, model, working, keeps, call)) {
      Seen first = look(scene, model, form, scene.whole());
      Seen best =
          form.crop()
              .filter(crop -> first.pose().score() >= form.minScore())
              .flatMap(crop -> around(first, crop, scene, model))
              .map(closer -> look(scene, model, form, closer))
              .filter(second -> second.pose().score() >= form.minScore())
              .orElse(first);
      List<Pose> poses = best.pose().score() >= form.minScore() ? List.of(best.pose()) : List.of();
      return new Poses(
          poses,
          scene.annotated(
              input.annotate(), canvas -> SkeletonDrawing.draw(canvas, poses, form.skeleton())),
          scene.executedOn());
    }
  }

  /** A person, and all points of the model, labelled or not, as x and y in the picture. */
  private record Seen(Pose pose, List<Point> points) {}

  private record Point(double x, double y) {}

  private static Seen look(Scene scene, ImageModel model, PoseOutput form, Geometry geometry) {
    ModelRun.Outputs outputs = scene.run(geometry);
    return scene.timed("postprocess", () -> read(outputs, model, form, geometry));
  }

  private static Seen read(
      ModelRun.Outputs outputs, ImageModel model, PoseOutput form, Geometry geometry) {
    List<String> labels = model.labels();
    OutputTensor values = OutputTensor.ofAnyShape(outputs, form.keypoints());
    long elements = values.shape().elements();
    if (!form.fits(elements, labels.size())) {
      throw OutputInfos.mismatch(form.keypoints(), form.wrongSize(elements, labels.size()));
    }
    Metadata.Input input = model.metadata().input();
    List<Point> points = new ArrayList<>();
    List<Keypoint> keypoints = new ArrayList<>();
    double total = 0;
    for (int i = 0; i < form.points(labels.size()); i++) {
      int at = i * form.values();
      double x = form.unit().share(values.get(at + form.x()), input.width()) * input.width();
      double y = form.unit().share(values.get(at + form.y()), input.height()) * input.height();
      Point point = new Point(geometry.pictureX(x), geometry.pictureY(y));
      if (!Float.isFinite((float) point.x()) || !Float.isFinite((float) point.y())) {
        throw OutputInfos.mismatch(form.keypoints(), "holds a point that is nowhere");
      }
      points.add(point);
      if (i < labels.size()) {
        float score = score(form.activation().of(values.get(at + form.score())), form.keypoints());
        keypoints.add(new Keypoint(labels.get(i), (float) point.x(), (float) point.y(), score));
        total += score;
      }
    }
    float mean = (float) (total / labels.size());
    float person = form.person().map(name -> personScore(outputs, name)).orElse(mean);
    return new Seen(new Pose(keypoints, person), points);
  }

  private static float personScore(ModelRun.Outputs outputs, String name) {
    OutputTensor values = OutputTensor.ofAnyShape(outputs, name);
    if (values.shape().elements() != 1) {
      throw OutputInfos.mismatch(name, "is FLOAT32" + values.shape() + ", must be one score");
    }
    return score(values.get(0), name);
  }

  private static float score(float value, String name) {
    if (value < 0 || value > 1) {
      throw OutputInfos.mismatch(name, "holds " + value + ", which is no score from 0 to 1");
    }
    return value;
  }

  private static Optional<Geometry> around(
      Seen seen, PoseOutput.Crop crop, Scene scene, ImageModel model) {
    Point center = seen.points().get(crop.center());
    Point edge = seen.points().get(crop.edge());
    double radius = Math.hypot(edge.x() - center.x(), edge.y() - center.y());
    double side = Math.max(1, 2 * radius * crop.scale());
    return Geometry.around(
        center.x(), center.y(), side, model.metadata().input(), scene.width(), scene.height());
  }
}
