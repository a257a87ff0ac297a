package io.vaccel.backend.image;

import io.vaccel.Classification;
import io.vaccel.Detect;
import io.vaccel.Detections;
import io.vaccel.Detections.Detection;
import io.vaccel.ModelRun;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.spi.Call;
import java.util.ArrayList;
import java.util.List;

/**
 * Performs {@code image.detect}: the best class of each candidate, the best candidates, and of
 * those that overlap the best one.
 */
final class Detector implements ImageTask<Detect, Detections> {

  @Override
  public Operation<Detect, Detections> operation() {
    return Operations.IMAGE_DETECT;
  }

  @Override
  public Detections perform(Detect input, ImageModel model, Pipeline pipeline, Call call) {
    BoxesOutput form = model.output(BoxesOutput.class, operation());
    float minScore = input.minScore() > 0 ? input.minScore() : form.minScore();
    Pipeline.Working working = Canvas.working(input.annotate());
    try (Scene scene = pipeline.open(input, model, working, input.annotate(), call)) {
      Geometry geometry = scene.whole();
      ModelRun.Outputs outputs = scene.run(geometry);
      List<Detection> found =
          scene.timed(
              "postprocess",
              () -> {
                List<Candidate> best =
                    Candidates.of(outputs, form, model.labels().size(), minScore, call);
                return detections(best, outputs, model, form, scene, geometry);
              });
      return new Detections(
          found,
          scene.annotated(input.annotate(), canvas -> BoxDrawing.draw(canvas, found)),
          scene.executedOn());
    }
  }

  /** From candidates, best first, to boxes in the picture. */
  private static List<Detection> detections(
      List<Candidate> candidates,
      ModelRun.Outputs outputs,
      ImageModel model,
      BoxesOutput form,
      Scene scene,
      Geometry geometry) {
    Metadata.Input input = model.metadata().input();
    OutputTensor boxes =
        OutputTensor.of(outputs, form.boxes(), 1, form.form().candidates(input), 4);
    List<Detection> kept = new ArrayList<>();
    for (Candidate candidate : candidates) {
      if (kept.size() == form.maxDetections()) {
        break;
      }
      double[] edges =
          form.form()
              .edges(boxes, candidate.index(), candidate.index() * 4, model.anchors(), input);
      Detections.Box box = inPicture(edges, input, geometry, scene.width(), scene.height());
      boolean isNew =
          box.width() > 0
              && box.height() > 0
              && kept.stream()
                  .filter(other -> other.label().index() == candidate.label())
                  .noneMatch(other -> overlap(box, other.box()) > form.maxOverlap());
      if (isNew) {
        String name = model.labels().get(candidate.label());
        kept.add(
            new Detection(
                new Classification.Label(candidate.label(), name, candidate.score()), box));
      }
    }
    return kept;
  }

  private static Detections.Box inPicture(
      double[] edges, Metadata.Input input, Geometry geometry, int width, int height) {
    double left = clip(geometry.pictureX(edges[0] * input.width()), width);
    double top = clip(geometry.pictureY(edges[1] * input.height()), height);
    double right = clip(geometry.pictureX(edges[2] * input.width()), width);
    double bottom = clip(geometry.pictureY(edges[3] * input.height()), height);
    return new Detections.Box(
        (float) left,
        (float) top,
        (float) Math.max(0, right - left),
        (float) Math.max(0, bottom - top));
  }

  private static double clip(double place, int side) {
    return Math.max(0, Math.min(side, place));
  }

  /** What two boxes have in common, as a share of what both cover. */
  static double overlap(Detections.Box a, Detections.Box b) {
    double width = Math.min(a.x() + a.width(), b.x() + b.width()) - Math.max(a.x(), b.x());
    double height = Math.min(a.y() + a.height(), b.y() + b.height()) - Math.max(a.y(), b.y());
    if (width <= 0 || height <= 0) {
      return 0;
    }
    double common = width * height;
    return common / ((double) a.width() * a.height() + (double) b.width() * b.height() - common);
  }
}
