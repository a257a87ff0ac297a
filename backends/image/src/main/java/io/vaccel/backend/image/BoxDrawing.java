package io.vaccel.backend.image;

import io.vaccel.Detections.Detection;
import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.List;

/**
 * Draws objects: a box in the colour of its class, set off from any ground by a light line and a
 * dark one, with name and score. What is in the box keeps its colours.
 */
final class BoxDrawing {
  private static final Color DARK = new Color(0, 0, 0, 130);
  private static final Color LIGHT = new Color(255, 255, 255, 215);

  private BoxDrawing() {}

  static void draw(Canvas canvas, List<Detection> detections) {
    // The best ones last, so that they lie on top.
    for (int i = detections.size() - 1; i >= 0; i--) {
      box(canvas, detections.get(i));
    }
    Tags tags = new Tags(canvas);
    for (Detection detection : detections) {
      String text =
          detection.label().name() + " " + Math.round(detection.label().score() * 100) + "%";
      tags.beside(place(canvas, detection), text, Palette.of(detection.label().index()));
    }
  }

  private static void box(Canvas canvas, Detection detection) {
    Rectangle2D place = place(canvas, detection);
    double corner = Math.min(canvas.line() * 4, Math.min(place.getWidth(), place.getHeight()) / 2);
    RoundRectangle2D box =
        new RoundRectangle2D.Double(
            place.getX(), place.getY(), place.getWidth(), place.getHeight(), corner, corner);
    Color color = Palette.of(detection.label().index());
    canvas.stroke(box, DARK, canvas.line() * 2.4);
    canvas.stroke(box, LIGHT, canvas.line() * 1.8);
    canvas.stroke(box, color, canvas.line());
  }

  /** The box on the canvas, its line wholly inside. */
  private static Rectangle2D place(Canvas canvas, Detection detection) {
    double scale = canvas.scale();
    Rectangle2D box =
        new Rectangle2D.Double(
            detection.box().x() * scale,
            detection.box().y() * scale,
            detection.box().width() * scale,
            detection.box().height() * scale);
    double half = canvas.line() / 2;
    Rectangle2D inside =
        new Rectangle2D.Double(
            half,
            half,
            Math.max(1, canvas.width() - canvas.line()),
            Math.max(1, canvas.height() - canvas.line()));
    Rectangle2D seen = box.createIntersection(inside);
    return seen.isEmpty() ? box : seen;
  }
}
