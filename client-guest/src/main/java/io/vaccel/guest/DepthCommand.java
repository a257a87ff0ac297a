package io.vaccel.guest;

import com.google.gson.JsonObject;
import io.vaccel.DepthMap;
import io.vaccel.EstimateDepth;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Operations;
import io.vaccel.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;

/** Says for each pixel how far it is. */
@Command(name = "depth", description = "Say for each pixel of pictures how far it is.")
final class DepthCommand extends MapCommand<EstimateDepth, DepthMap> {

  DepthCommand(Console console, RuntimeOptions runtime) {
    super(Operations.IMAGE_DEPTH, new Range(), console, runtime);
  }

  @Override
  EstimateDepth input(Model loaded, Image image) {
    return new EstimateDepth(loaded, image, annotate());
  }

  @Override
  Tensor map(DepthMap result) {
    return result.depth();
  }

  private static final class Range implements Findings<DepthMap> {
    @Override
    public List<Row> rows(DepthMap result) {
      return List.of();
    }

    @Override
    public String remark(DepthMap result) {
      float[] sorted = sorted(result);
      return String.format(
          Locale.ROOT,
          "%d x %d values from %.4g to %.4g, median %.4g",
          result.depth().shape().dimension(1),
          result.depth().shape().dimension(0),
          sorted[0],
          sorted[sorted.length - 1],
          sorted[sorted.length / 2]);
    }

    @Override
    public void addTo(JsonObject image, DepthMap result) {
      Json.addSize(image, result.depth());
      float[] sorted = sorted(result);
      image.add("min", Json.number(sorted[0]));
      image.add("median", Json.number(sorted[sorted.length / 2]));
      image.add("max", Json.number(sorted[sorted.length - 1]));
    }

    private static float[] sorted(DepthMap result) {
      float[] values = result.depth().floats();
      Arrays.sort(values);
      return values.length == 0 ? new float[] {Float.NaN} : values;
    }
  }
}
