package io.vaccel.backend.image;

import io.vaccel.Tensor;
import java.awt.Color;
import java.nio.ShortBuffer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Draws classes: a translucent colour for each but the first, which is the background, a light line
 * around them, and their names with the share of the picture that they cover.
 */
final class MaskDrawing {
  private static final double OPACITY = 0.5;
  private static final double DIMMED = 0.25;
  private static final int WHITE = 0xffffff;
  private static final double MIN_SHARE = 0.005;
  private static final int MAX_NAMES = 8;

  private final Canvas canvas;
  private final ShortBuffer mask;
  private final int maskWidth;
  private final int maskHeight;

  private MaskDrawing(Canvas canvas, Tensor mask) {
    this.canvas = canvas;
    this.mask = mask.data().asShortBuffer();
    this.maskHeight = (int) mask.shape().dimension(0);
    this.maskWidth = (int) mask.shape().dimension(1);
  }

  static void draw(Canvas canvas, Tensor mask, List<String> classes) {
    MaskDrawing drawing = new MaskDrawing(canvas, mask);
    long[] counts = drawing.colourAll(classes.size());
    drawing.names(classes, counts);
  }

  /** Colours all pixels; says how many there are of each class. */
  private long[] colourAll(int classes) {
    long[] counts = new long[classes];
    int[] colours = IntStream.range(0, classes).map(i -> colour(i).getRGB() & WHITE).toArray();
    Outline outline = new Outline(canvas.width(), canvas.height(), this::at, canvas.line() * 0.9);
    for (int y = 0; y < canvas.height(); y++) {
      for (int x = 0; x < canvas.width(); x++) {
        int label = at(x, y);
        counts[label]++;
        int below = canvas.pixel(x, y);
        int mixed =
            label == 0
                ? Palette.mix(below, 0, DIMMED)
                : Palette.mix(below, colours[label], OPACITY);
        canvas.pixel(x, y, Palette.mix(mixed, WHITE, outline.opacity(x, y)));
      }
    }
    return counts;
  }

  /** The first class that is no background has the first colour. */
  private static Color colour(int label) {
    return label == 0 ? Color.BLACK : Palette.of(label - 1);
  }

  private int at(int x, int y) {
    int column = (int) ((x + 0.5) * maskWidth / canvas.width());
    int row = (int) ((y + 0.5) * maskHeight / canvas.height());
    return mask.get(row * maskWidth + column) & 0xffff;
  }

  private void names(List<String> classes, long[] counts) {
    double all = (double) canvas.width() * canvas.height();
    List<Integer> seen =
        IntStream.range(1, classes.size())
            .filter(i -> counts[i] / all >= MIN_SHARE)
            .boxed()
            .sorted((a, b) -> Long.compare(counts[b], counts[a]))
            .limit(MAX_NAMES)
            .toList();
    Tags tags = new Tags(canvas);
    double gap = canvas.textSize() / 2;
    double y = canvas.height() - gap;
    for (int i = seen.size() - 1; i >= 0; i--) {
      int label = seen.get(i);
      String text = classes.get(label) + " " + Math.round(100 * counts[label] / all) + "%";
      y -= tags.size(text).getHeight();
      tags.at(gap, y, text, colour(label));
      y -= gap / 2;
    }
  }
}
