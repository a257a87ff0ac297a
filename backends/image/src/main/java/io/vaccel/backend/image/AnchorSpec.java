package io.vaccel.backend.image;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.ArrayList;
import java.util.List;

/**
 * How a detector's anchors are laid out, in the terms of TensorFlow's multiple-grid anchors and of
 * MediaPipe's {@code SsdAnchorsCalculator}: a grid of cells for each stride, several anchors in
 * each cell, of sizes that grow from grid to grid.
 *
 * @param minScale the size of the first grid's anchors, as a share of the input
 * @param maxScale that of the last grid's
 * @param strides the cells' sides in pixels of the input, growing
 * @param aspectRatios width to height of the anchors of a cell
 * @param interpolated whether each cell has one more square, its size between this grid's and the
 *     next one's
 * @param reduced whether the cells of the first grid have three anchors only: a square of a tenth
 *     of the input, and the ratios 2 and 1/2
 */
record AnchorSpec(
    float minScale,
    float maxScale,
    List<Float> strides,
    List<Float> aspectRatios,
    boolean interpolated,
    boolean reduced) {

  /** Ten times what large detectors have. */
  static final int MAX_ANCHORS = 1_000_000;

  private static final int MAX_GRIDS = 16;
  private static final int MAX_RATIOS = 16;
  private static final float REDUCED_SCALE = 0.1f;

  /** One anchor of a cell. */
  private record Form(double width, double height) {
    private static Form of(double scale, double ratio) {
      return new Form(scale * Math.sqrt(ratio), scale / Math.sqrt(ratio));
    }
  }

  static AnchorSpec parse(JsonFields fields) {
    AnchorSpec spec =
        new AnchorSpec(
            fields.number("minScale", 1e-4, 10),
            fields.number("maxScale", 1e-4, 10),
            fields.numbers("strides", 1, MAX_GRIDS, 1, 4096),
            fields.numbers("aspectRatios", 1, MAX_RATIOS, 1e-3, 1e3),
            fields.bool("interpolated"),
            fields.bool("reduced"));
    for (int i = 1; i < spec.strides.size(); i++) {
      if (spec.strides.get(i) <= spec.strides.get(i - 1)) {
        throw fields.wrong("strides", "must grow");
      }
    }
    fields.end();
    return spec;
  }

  /** How many anchors there are for this input. */
  long count(Metadata.Input input) {
    long count = 0;
    for (int grid = 0; grid < strides.size(); grid++) {
      count += (long) cells(input.width(), grid) * cells(input.height(), grid) * forms(grid).size();
    }
    return count;
  }

  /**
   * All anchors for this input, grid by grid, row by row.
   *
   * @throws VaccelException {@link Reason#MODEL_MISMATCH} over {@link #MAX_ANCHORS}
   */
  Anchors anchors(Metadata.Input input) {
    long count = count(input);
    if (count > MAX_ANCHORS) {
      throw ImageModel.mismatch(
          "the metadata makes " + count + " anchors, the limit is " + MAX_ANCHORS);
    }
    float[] values = new float[(int) count * 4];
    int at = 0;
    for (int grid = 0; grid < strides.size(); grid++) {
      int columns = cells(input.width(), grid);
      int rows = cells(input.height(), grid);
      List<Form> forms = forms(grid);
      for (int row = 0; row < rows; row++) {
        for (int column = 0; column < columns; column++) {
          for (Form form : forms) {
            values[at++] = (float) ((column + 0.5) / columns);
            values[at++] = (float) ((row + 0.5) / rows);
            values[at++] = (float) form.width();
            values[at++] = (float) form.height();
          }
        }
      }
    }
    return new Anchors(values);
  }

  private int cells(int side, int grid) {
    return (int) Math.ceil(side / strides.get(grid));
  }

  private List<Form> forms(int grid) {
    double scale = scale(grid);
    if (grid == 0 && reduced) {
      return List.of(Form.of(REDUCED_SCALE, 1), Form.of(scale, 2), Form.of(scale, 0.5));
    }
    List<Form> forms = new ArrayList<>();
    aspectRatios.forEach(ratio -> forms.add(Form.of(scale, ratio)));
    if (interpolated) {
      double next = grid == strides.size() - 1 ? 1 : scale(grid + 1);
      forms.add(Form.of(Math.sqrt(scale * next), 1));
    }
    return forms;
  }

  private double scale(int grid) {
    return strides.size() == 1
        ? (minScale + maxScale) / 2
        : minScale + (maxScale - minScale) * grid / (strides.size() - 1);
  }
}
