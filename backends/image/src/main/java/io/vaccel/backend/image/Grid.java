package io.vaccel.backend.image;

/**
 * Values on a grid over a model's input, looked up at the pixels of the upright picture by bilinear
 * interpolation; not safe for use by several threads.
 */
final class Grid {
  private final OutputTensor values;
  private final int rows;
  private final int columns;
  private final int channels;
  private final Metadata.Layout layout;
  private final Metadata.Input input;
  private final Geometry geometry;
  private final int[] left;
  private final float[] share;
  private final float[] line;

  /**
   * A grid over the input.
   *
   * @param values {@code rows * columns * channels} of them
   * @param width of the picture
   */
  Grid(
      OutputTensor values,
      int rows,
      int columns,
      int channels,
      Metadata.Layout layout,
      Metadata.Input input,
      Geometry geometry,
      int width) {
    this.values = values;
    this.rows = rows;
    this.columns = columns;
    this.channels = channels;
    this.layout = layout;
    this.input = input;
    this.geometry = geometry;
    this.left = new int[width];
    this.share = new float[width];
    this.line = new float[columns * channels];
    for (int x = 0; x < width; x++) {
      double at = geometry.inputX(x + 0.5) * columns / input.width() - 0.5;
      left[x] = before(at, columns);
      share[x] = after(at, left[x]);
    }
  }

  /**
   * Reads a row of the picture.
   *
   * @param into gets all channels of each pixel
   */
  void row(int y, float[] into) {
    double at = geometry.inputY(y + 0.5) * rows / input.height() - 0.5;
    int upper = before(at, rows);
    int lower = Math.min(upper + 1, rows - 1);
    float down = after(at, upper);
    for (int column = 0; column < columns; column++) {
      for (int channel = 0; channel < channels; channel++) {
        float above = get(upper, column, channel);
        line[column * channels + channel] = above + down * (get(lower, column, channel) - above);
      }
    }
    for (int x = 0; x < left.length; x++) {
      int from = left[x] * channels;
      int to = Math.min(left[x] + 1, columns - 1) * channels;
      for (int channel = 0; channel < channels; channel++) {
        float before = line[from + channel];
        into[x * channels + channel] = before + share[x] * (line[to + channel] - before);
      }
    }
  }

  private float get(int row, int column, int channel) {
    return values.get(
        switch (layout) {
          case NCHW -> (channel * rows + row) * columns + column;
          case NHWC -> (row * columns + column) * channels + channel;
        });
  }

  private static int before(double at, int count) {
    return (int) Math.max(0, Math.min(count - 1, Math.floor(at)));
  }

  private static float after(double at, int before) {
    return (float) Math.max(0, Math.min(1, at - before));
  }
}
