package io.vaccel.backend.image;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * Short texts on coloured ground that neither leave the picture nor cover each other where that can
 * be had; not safe for use by several threads.
 */
final class Tags {
  private static final double MARGIN = 0.4;
  private static final int MAX_CHARACTERS = 40;

  private final Canvas canvas;
  private final List<Rectangle2D> taken = new ArrayList<>();

  Tags(Canvas canvas) {
    this.canvas = canvas;
  }

  /** The size of a tag with this text. */
  Rectangle2D size(String text) {
    double size = canvas.textSize();
    double width = Glyphs.width(shown(text)) * size + 2 * MARGIN * size;
    return new Rectangle2D.Double(0, 0, width, size * (Glyphs.HEIGHT + MARGIN));
  }

  /** Puts a tag beside a box: above it, else below, else inside. */
  void beside(Rectangle2D box, String text, Color color) {
    Rectangle2D size = size(text);
    double half = canvas.line() / 2;
    double left = box.getX() - half;
    double[][] places = {
      {left, box.getY() - size.getHeight() - half},
      {left, box.getMaxY() + half},
      {left, box.getY() - half},
      {box.getMaxX() + half - size.getWidth(), box.getY() - size.getHeight() - half},
      {left, box.getMaxY() + half - size.getHeight()},
    };
    Rectangle2D best = within(places[2][0], places[2][1], size);
    double least = Double.MAX_VALUE;
    for (double[] place : places) {
      Rectangle2D tag = within(place[0], place[1], size);
      double moved = Math.abs(tag.getY() - place[1]) * size.getWidth();
      double cost = moved + covered(tag);
      if (cost < least) {
        least = cost;
        best = tag;
      }
    }
    draw(best, text, color);
  }

  /** Puts a tag at a place. */
  void at(double x, double y, String text, Color color) {
    draw(within(x, y, size(text)), text, color);
  }

  private void draw(Rectangle2D tag, String text, Color color) {
    double size = canvas.textSize();
    double corner = size * 0.5;
    canvas.fill(
        new RoundRectangle2D.Double(
            tag.getX(), tag.getY(), tag.getWidth(), tag.getHeight(), corner, corner),
        color);
    canvas.text(
        shown(text),
        tag.getX() + MARGIN * size,
        tag.getY() + MARGIN / 2 * size,
        size,
        Palette.on(color));
    taken.add(tag);
  }

  private Rectangle2D within(double x, double y, Rectangle2D size) {
    double left = Math.max(0, Math.min(canvas.width() - size.getWidth(), x));
    double top = Math.max(0, Math.min(canvas.height() - size.getHeight(), y));
    return new Rectangle2D.Double(left, top, size.getWidth(), size.getHeight());
  }

  private double covered(Rectangle2D tag) {
    double area = 0;
    for (Rectangle2D other : taken) {
      Rectangle2D common = tag.createIntersection(other);
      if (!common.isEmpty()) {
        area += common.getWidth() * common.getHeight();
      }
    }
    return area;
  }

  private static String shown(String text) {
    return text.length() <= MAX_CHARACTERS ? text : text.substring(0, MAX_CHARACTERS - 1) + "…";
  }
}
