package io.vaccel.backend.image;

import io.vaccel.Tensor;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.nio.FloatBuffer;
import java.util.Arrays;

/** Draws depth in place of the picture: near is bright, far is dark, and a bar that says so. */
final class DepthDrawing {
  /** So many pixels are looked at to find the range. */
  private static final int SAMPLES = 10_000;

  /** This share at both ends is cut off, so that a few odd pixels do not flatten the rest. */
  private static final double CUT = 0.01;

  private static final Color GROUND = new Color(0, 0, 0, 150);

  private DepthDrawing() {}

  static void draw(Canvas canvas, Tensor depth, DepthOutput.Meaning meaning) {
    FloatBuffer values = depth.data().asFloatBuffer();
    int width = (int) depth.shape().dimension(1);
    int height = (int) depth.shape().dimension(0);
    double[] range = range(values);
    for (int y = 0; y < canvas.height(); y++) {
      int row = (int) ((y + 0.5) * height / canvas.height());
      for (int x = 0; x < canvas.width(); x++) {
        int column = (int) ((x + 0.5) * width / canvas.width());
        double share = (values.get(row * width + column) - range[0]) / (range[1] - range[0]);
        double near = meaning == DepthOutput.Meaning.INVERSE ? share : 1 - share;
        canvas.pixel(x, y, HeatColours.of(near));
      }
    }
    legend(canvas);
  }

  /** The values that are drawn as the ends of the scale. */
  private static double[] range(FloatBuffer values) {
    int count = Math.min(SAMPLES, values.limit());
    float[] sample = new float[count];
    for (int i = 0; i < count; i++) {
      sample[i] = values.get((int) ((long) i * values.limit() / count));
    }
    Arrays.sort(sample);
    double least = sample[(int) (CUT * (count - 1))];
    double most = sample[(int) Math.ceil((1 - CUT) * (count - 1))];
    return new double[] {least, most > least ? most : least + 1};
  }

  private static void legend(Canvas canvas) {
    double size = canvas.textSize();
    double far = Glyphs.width("far") * size;
    double near = Glyphs.width("near") * size;
    double bar = Math.min(size * 8, canvas.width() / 3.0);
    double height = size * 1.7;
    double width = bar + far + near + size * 2;
    double left = size / 2;
    double top = canvas.height() - height - size / 2;
    if (left + width > canvas.width() || top < 0) {
      return;
    }
    canvas.fill(new RoundRectangle2D.Double(left, top, width, height, size, size), GROUND);
    double textTop = top + (height - Glyphs.HEIGHT * size) / 2;
    canvas.text("far", left + size / 2, textTop, size, Color.WHITE);
    double from = left + size + far;
    for (int i = 0; i < bar; i++) {
      canvas.fill(
          new Rectangle2D.Double(from + i, top + height * 0.3, 1.2, height * 0.4),
          new Color(HeatColours.of(i / bar)));
    }
    canvas.text("near", from + bar + size / 2, textTop, size, Color.WHITE);
  }
}
