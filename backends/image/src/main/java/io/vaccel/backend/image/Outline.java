package io.vaccel.backend.image;

/** The line along which the classes of neighbouring pixels differ, with soft edges. */
final class Outline {
  /** The class of a pixel. */
  interface Classes {
    int at(int x, int y);
  }

  private final int width;
  private final byte[] opacity;

  /**
   * Finds the line.
   *
   * @param thickness in pixels
   */
  Outline(int width, int height, Classes classes, double thickness) {
    this.width = width;
    this.opacity = new byte[width * height];
    int reach = (int) Math.ceil(thickness / 2 + 1);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int own = classes.at(x, y);
        boolean right = x + 1 < width && classes.at(x + 1, y) != own;
        boolean below = y + 1 < height && classes.at(x, y + 1) != own;
        if (right || below) {
          dot(x + (right ? 1 : 0.5), y + (below ? 1 : 0.5), reach, thickness / 2, height);
        }
      }
    }
  }

  /** How much of a pixel the line covers, 0 to 1. */
  double opacity(int x, int y) {
    return (opacity[y * width + x] & 0xff) / 255.0;
  }

  private void dot(double centerX, double centerY, int reach, double radius, int height) {
    for (int y = Math.max(0, (int) centerY - reach); y < Math.min(height, centerY + reach); y++) {
      for (int x = Math.max(0, (int) centerX - reach); x < Math.min(width, centerX + reach); x++) {
        double distance = Math.hypot(x + 0.5 - centerX, y + 0.5 - centerY);
        int covered = (int) Math.round(255 * Math.max(0, Math.min(1, radius + 0.5 - distance)));
        int at = y * width + x;
        if (covered > (opacity[at] & 0xff)) {
          opacity[at] = (byte) covered;
        }
      }
    }
  }
}
