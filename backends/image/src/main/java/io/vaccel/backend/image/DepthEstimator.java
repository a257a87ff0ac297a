package io.vaccel.backend.image;

import io.vaccel.DepthMap;
import io.vaccel.ElementType;
import io.vaccel.EstimateDepth;
import io.vaccel.ModelRun;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Tensor;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;

/** Performs {@code image.depth}: the model's map is interpolated to the picture's pixels. */
final class DepthEstimator implements ImageTask<EstimateDepth, DepthMap> {

  @Override
  public Operation<EstimateDepth, DepthMap> operation() {
    return Operations.IMAGE_DEPTH;
  }

  @Override
  public DepthMap perform(EstimateDepth input, ImageModel model, Pipeline pipeline, Call call) {
    DepthOutput form = model.output(DepthOutput.class, operation());
    Pipeline.Working working =
        PixelMap.working(ElementType.FLOAT32).and(Canvas.working(input.annotate()));
    try (Scene scene = pipeline.open(input, model, working, input.annotate(), call)) {
      Geometry geometry = scene.whole();
      ModelRun.Outputs outputs = scene.run(geometry);
      Tensor depth =
          scene.timed("postprocess", () -> depth(outputs, form, model, scene, geometry, call));
      return new DepthMap(
          depth,
          scene.annotated(
              input.annotate(), canvas -> DepthDrawing.draw(canvas, depth, form.meaning())),
          scene.executedOn());
    }
  }

  private static Tensor depth(
      ModelRun.Outputs outputs,
      DepthOutput form,
      ImageModel model,
      Scene scene,
      Geometry geometry,
      Call call) {
    OutputTensor values = OutputTensor.ofAnyShape(outputs, form.name());
    int[] size = rowsAndColumns(values, form.name());
    Grid grid =
        new Grid(
            values,
            size[0],
            size[1],
            1,
            Metadata.Layout.NCHW,
            model.metadata().input(),
            geometry,
            scene.width());
    float[] row = new float[scene.width()];
    ByteBuffer depth = PixelMap.allocate(ElementType.FLOAT32, scene.width(), scene.height());
    for (int y = 0; y < scene.height(); y++) {
      call.check();
      grid.row(y, row);
      for (float value : row) {
        depth.putFloat(value);
      }
    }
    return PixelMap.tensor("depth", ElementType.FLOAT32, scene.width(), scene.height(), depth);
  }

  /** [1, rows, columns], [1, 1, rows, columns] and [1, rows, columns, 1] are all in use. */
  private static int[] rowsAndColumns(OutputTensor values, String name) {
    int rank = values.shape().rank();
    List<Integer> sizes = IntStream.range(0, rank).mapToObj(values::size).toList();
    boolean batch = rank > 2 && sizes.get(0) == 1;
    boolean last = rank == 4 && sizes.get(3) == 1;
    boolean plain = rank == 3 || (rank == 4 && (last || sizes.get(1) == 1));
    if (!batch || !plain || values.shape().elements() == 0) {
      throw OutputInfos.mismatch(
          name, "is FLOAT32" + values.shape() + ", which is no map of rows and columns");
    }
    int first = rank == 3 || last ? 1 : 2;
    return new int[] {sizes.get(first), sizes.get(first + 1)};
  }
}
