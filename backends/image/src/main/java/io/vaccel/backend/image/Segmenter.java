package io.vaccel.backend.image;

import io.vaccel.ElementType;
import io.vaccel.ModelRun;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Segment;
import io.vaccel.Segmentation;
import io.vaccel.Tensor;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;

/**
 * Performs {@code image.segment}: the model's scores are interpolated to the picture's pixels, and
 * there the highest one, or the threshold, decides. Deciding last gives smooth borders.
 */
final class Segmenter implements ImageTask<Segment, Segmentation> {

  @Override
  public Operation<Segment, Segmentation> operation() {
    return Operations.IMAGE_SEGMENT;
  }

  @Override
  public Segmentation perform(Segment input, ImageModel model, Pipeline pipeline, Call call) {
    MaskOutput form = model.output(MaskOutput.class, operation());
    Pipeline.Working working =
        PixelMap.working(ElementType.UINT16).and(Canvas.working(input.annotate()));
    try (Scene scene = pipeline.open(input, model, working, input.annotate(), call)) {
      Geometry geometry = scene.whole();
      ModelRun.Outputs outputs = scene.run(geometry);
      Tensor mask =
          scene.timed("postprocess", () -> mask(outputs, form, model, scene, geometry, call));
      return new Segmentation(
          mask,
          model.labels(),
          scene.annotated(
              input.annotate(), canvas -> MaskDrawing.draw(canvas, mask, model.labels())),
          scene.executedOn());
    }
  }

  private static Tensor mask(
      ModelRun.Outputs outputs,
      MaskOutput form,
      ImageModel model,
      Scene scene,
      Geometry geometry,
      Call call) {
    int labels = model.labels().size();
    OutputTensor scores = OutputTensor.of(outputs, form.name(), form.dimensions(labels));
    int first = form.layout() == Metadata.Layout.NCHW ? 2 : 1;
    int rows = scores.size(first);
    int columns = scores.size(first + 1);
    if (rows == 0 || columns == 0) {
      throw OutputInfos.mismatch(form.name(), "is empty");
    }
    int channels = form.channels(labels);
    Metadata.Input input = model.metadata().input();
    Grid grid =
        new Grid(scores, rows, columns, channels, form.layout(), input, geometry, scene.width());
    float[] row = new float[scene.width() * channels];
    ByteBuffer mask = PixelMap.allocate(ElementType.UINT16, scene.width(), scene.height());
    for (int y = 0; y < scene.height(); y++) {
      call.check();
      grid.row(y, row);
      for (int x = 0; x < scene.width(); x++) {
        mask.putShort((short) best(row, x * channels, channels, form));
      }
    }
    return PixelMap.tensor("mask", ElementType.UINT16, scene.width(), scene.height(), mask);
  }

  private static int best(float[] scores, int from, int channels, MaskOutput form) {
    if (form.threshold().isPresent()) {
      return form.activation().of(scores[from]) >= form.threshold().get() ? 1 : 0;
    }
    int best = 0;
    for (int channel = 1; channel < channels; channel++) {
      best = scores[from + channel] > scores[from + best] ? channel : best;
    }
    return best;
  }
}
