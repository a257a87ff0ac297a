package io.vaccel.backend.image;

/**
 * Scales a part of a picture, with a filter that widens when it shrinks, so that every pixel
 * counts.
 *
 * <p>The filters and their supports are those of Pillow, with which most models' reference scores
 * are made: the triangle, and the cubic convolution with a = -0.5 (Keys, 1981). Pixels around the
 * part take part at its edges. Memory is that of the result, whatever the picture's size.
 */
final class Resampler {
  private final Metadata.Interpolation interpolation;

  Resampler(Metadata.Interpolation interpolation) {
    this.interpolation = interpolation;
  }

  /**
   * Scales.
   *
   * @param pixels the picture
   * @param part what is scaled, within the picture
   * @param width columns of the result
   * @param height rows of the result
   * @return pixel values 0 to 255, row by row, three to a pixel
   */
  byte[] scale(Pixels pixels, Geometry.Box part, int width, int height) {
    Taps columns = taps(part.left(), part.width(), width, pixels.width());
    Taps rows = taps(part.top(), part.height(), height, pixels.height());
    float[] sum = new float[width * height * 3];
    float[] line = new float[width * 3];
    int from = columns.first[0];
    int to = columns.end(width - 1);
    byte[] rgb = new byte[(to - from) * 3];
    int firstOpen = 0;
    for (int y = rows.first[0]; y < rows.end(height - 1); y++) {
      pixels.row(y, from, to, rgb);
      scaleLine(rgb, from, columns, line);
      while (firstOpen < height && rows.end(firstOpen) <= y) {
        firstOpen++;
      }
      for (int row = firstOpen; row < height && rows.first[row] <= y; row++) {
        float weight = rows.weights[row][y - rows.first[row]];
        int at = row * line.length;
        for (int i = 0; i < line.length; i++) {
          sum[at + i] += weight * line[i];
        }
      }
    }
    byte[] result = new byte[sum.length];
    for (int i = 0; i < sum.length; i++) {
      result[i] = (byte) Math.max(0, Math.min(255, Math.round(sum[i])));
    }
    return result;
  }

  private static void scaleLine(byte[] rgb, int from, Taps columns, float[] line) {
    for (int column = 0; column < columns.first.length; column++) {
      float red = 0;
      float green = 0;
      float blue = 0;
      int at = (columns.first[column] - from) * 3;
      for (float weight : columns.weights[column]) {
        red += weight * (rgb[at] & 0xff);
        green += weight * (rgb[at + 1] & 0xff);
        blue += weight * (rgb[at + 2] & 0xff);
        at += 3;
      }
      line[column * 3] = red;
      line[column * 3 + 1] = green;
      line[column * 3 + 2] = blue;
    }
  }

  /**
   * Which pixels make each pixel of the result along one axis, and how much of each; both ends grow
   * with the index.
   */
  private static final class Taps {
    private final int[] first;
    private final float[][] weights;

    private Taps(int[] first, float[][] weights) {
      this.first = first;
      this.weights = weights;
    }

    private int end(int index) {
      return first[index] + weights[index].length;
    }
  }

  private Taps taps(int start, int length, int results, int available) {
    double scale = (double) length / results;
    double width = Math.max(scale, 1);
    double support = (interpolation == Metadata.Interpolation.BILINEAR ? 1 : 2) * width;
    int[] first = new int[results];
    float[][] weights = new float[results][];
    for (int i = 0; i < results; i++) {
      double center = start + (i + 0.5) * scale;
      int from = (int) Math.max(0, Math.floor(center - support + 0.5));
      int to = (int) Math.min(available, Math.floor(center + support + 0.5));
      from = Math.min(from, available - 1);
      to = Math.max(to, from + 1);
      double[] raw = new double[to - from];
      double total = 0;
      for (int j = 0; j < raw.length; j++) {
        raw[j] = filter((from + j + 0.5 - center) / width);
        total += raw[j];
      }
      first[i] = from;
      weights[i] = new float[raw.length];
      for (int j = 0; j < raw.length; j++) {
        weights[i][j] = total == 0 ? 1f / raw.length : (float) (raw[j] / total);
      }
    }
    return new Taps(first, weights);
  }

  private double filter(double distance) {
    double x = Math.abs(distance);
    return switch (interpolation) {
      case BILINEAR -> Math.max(0, 1 - x);
      case BICUBIC -> {
        if (x < 1) {
          yield (1.5 * x - 2.5) * x * x + 1;
        }
        yield x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
      }
    };
  }
}
