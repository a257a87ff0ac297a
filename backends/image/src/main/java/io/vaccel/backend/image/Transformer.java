package io.vaccel.backend.image;

import io.vaccel.ExecutedOn;
import io.vaccel.Image;
import io.vaccel.ImageStep;
import io.vaccel.TransformImage;
import io.vaccel.spi.Call;
import java.util.List;

/**
 * Performs {@code opencv.transform}: functions on pixels, which are decoded first where need be.
 */
final class Transformer {
  /** Two pictures of four channels, and what finding edges takes for each pixel. */
  private static final long BYTES_PER_PIXEL = 2 * 4 + 16;

  private Transformer() {}

  static TransformImage.Transformed transform(TransformImage input, Pipeline pipeline, Call call) {
    long most = Math.min(TransformImage.MAX_PIXELS, pipeline.limits().maxPixels());
    Pipeline.Working working = (width, height) -> bytes(width * height, input.steps());
    long start = System.nanoTime();
    try (Picture picture =
        Picture.open(input.image(), new ImageLimits(most), pipeline.memory(), working, call)) {
      PixelBytes pixels =
          input.image() instanceof Image.Raw raw ? PixelBytes.of(raw) : PixelBytes.of(picture);
      PixelBytes result = new ImageFunctions(call).apply(input.steps(), pixels);
      ExecutedOn here =
          ExecutedOn.here(ImageProvider.NAME, ImagePlugin.DEVICE, Scene.since("transform", start));
      return new TransformImage.Transformed(result.image(), here);
    }
  }

  /** The memory for the largest picture on the way; larger ones are refused when they are made. */
  private static long bytes(long pixels, List<ImageStep> steps) {
    long most = pixels;
    for (ImageStep step : steps) {
      if (step instanceof ImageStep.Resize resize) {
        most = Math.max(most, (long) resize.width() * resize.height());
      }
    }
    return Math.min(most, TransformImage.MAX_PIXELS) * BYTES_PER_PIXEL;
  }
}
