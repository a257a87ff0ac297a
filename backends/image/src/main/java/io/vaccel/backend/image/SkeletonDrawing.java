package io.vaccel.backend.image;

import io.vaccel.Poses.Keypoint;
import io.vaccel.Poses.Pose;
import java.awt.Color;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.util.List;
import java.util.Locale;

/** Draws people: their bones in a colour for each side of the body, and their joints. */
final class SkeletonDrawing {
  /** Points that are seen less well are not drawn. */
  private static final float MIN_SCORE = 0.5f;

  private static final Color LEFT = new Color(0xff9f1c);
  private static final Color RIGHT = new Color(0x19c3e6);
  private static final Color MIDDLE = new Color(0xf4f4f4);
  private static final Color SHADOW = new Color(0, 0, 0, 150);
  private static final double BONE = 1.7;
  private static final double JOINT = 2.1;

  private SkeletonDrawing() {}

  static void draw(Canvas canvas, List<Pose> poses, List<JsonFields.Pair> skeleton) {
    for (Pose pose : poses) {
      double line = Math.max(1, Math.min(canvas.line(), size(canvas, pose) / 60));
      bones(canvas, pose, skeleton, line);
      joints(canvas, pose, line);
    }
  }

  private static void bones(Canvas canvas, Pose pose, List<JsonFields.Pair> skeleton, double line) {
    for (boolean shadow : new boolean[] {true, false}) {
      for (JsonFields.Pair bone : skeleton) {
        Keypoint from = pose.keypoints().get(bone.first());
        Keypoint to = pose.keypoints().get(bone.second());
        if (from.score() >= MIN_SCORE && to.score() >= MIN_SCORE) {
          double scale = canvas.scale();
          Line2D shape =
              new Line2D.Double(from.x() * scale, from.y() * scale, to.x() * scale, to.y() * scale);
          Color color = side(from).equals(side(to)) ? side(from) : MIDDLE;
          canvas.stroke(shape, shadow ? SHADOW : color, line * (shadow ? BONE + 0.9 : BONE));
        }
      }
    }
  }

  private static void joints(Canvas canvas, Pose pose, double line) {
    for (Keypoint point : pose.keypoints()) {
      if (point.score() >= MIN_SCORE) {
        disc(canvas, point, line * (JOINT + 0.8), SHADOW);
        disc(canvas, point, line * (JOINT + 0.35), Color.WHITE);
        disc(canvas, point, line * (JOINT - 0.35), side(point));
      }
    }
  }

  private static void disc(Canvas canvas, Keypoint point, double radius, Color color) {
    double x = point.x() * canvas.scale();
    double y = point.y() * canvas.scale();
    canvas.fill(new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius), color);
  }

  /** The longer side of the box around what is seen of a person. */
  private static double size(Canvas canvas, Pose pose) {
    double[] box = {Double.MAX_VALUE, Double.MAX_VALUE, -Double.MAX_VALUE, -Double.MAX_VALUE};
    for (Keypoint point : pose.keypoints()) {
      if (point.score() >= MIN_SCORE) {
        box[0] = Math.min(box[0], point.x());
        box[1] = Math.min(box[1], point.y());
        box[2] = Math.max(box[2], point.x());
        box[3] = Math.max(box[3], point.y());
      }
    }
    return Math.max(0, Math.max(box[2] - box[0], box[3] - box[1])) * canvas.scale();
  }

  private static Color side(Keypoint point) {
    String name = point.name().toLowerCase(Locale.ROOT);
    if (name.contains("left")) {
      return LEFT;
    }
    return name.contains("right") ? RIGHT : MIDDLE;
  }
}
