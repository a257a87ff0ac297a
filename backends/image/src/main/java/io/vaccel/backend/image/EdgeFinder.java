package io.vaccel.backend.image;

import io.vaccel.spi.Call;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Canny's edges (1986): Sobel gradients, the local maxima along them, and of those the weak ones
 * only where they touch a strong one. Used once.
 */
final class EdgeFinder {
  /** The tangent of 22.5 degrees: what is nearer to an axis than to a diagonal. */
  private static final double TANGENT = 0.41421356237309503;

  private final Call call;
  private final PixelBytes gray;
  private final int width;
  private final int height;
  private final short[] across;
  private final short[] down;

  EdgeFinder(Call call, PixelBytes gray) {
    this.call = call;
    this.gray = gray;
    this.width = gray.width();
    this.height = gray.height();
    this.across = new short[width * height];
    this.down = new short[width * height];
  }

  PixelBytes edges(int low, int high) {
    for (int y = 0; y < height; y++) {
      call.check();
      for (int x = 0; x < width; x++) {
        gradient(x, y);
      }
    }
    PixelBytes result = PixelBytes.blank(width, height, gray.format());
    Deque<Integer> strong = new ArrayDeque<>();
    boolean[] weak = new boolean[width * height];
    for (int y = 0; y < height; y++) {
      call.check();
      for (int x = 0; x < width; x++) {
        if (strength(x, y) > low && isMaximum(x, y)) {
          weak[y * width + x] = true;
          if (strength(x, y) > high) {
            result.put(x, y, 0, 255);
            strong.push(y * width + x);
          }
        }
      }
    }
    while (!strong.isEmpty()) {
      int from = strong.pop();
      for (int dy = -1; dy <= 1; dy++) {
        for (int dx = -1; dx <= 1; dx++) {
          int x = from % width + dx;
          int y = from / width + dy;
          if (isInside(x, y) && weak[y * width + x] && result.at(x, y, 0) == 0) {
            result.put(x, y, 0, 255);
            strong.push(y * width + x);
          }
        }
      }
    }
    return result;
  }

  private void gradient(int x, int y) {
    int sumX = 0;
    int sumY = 0;
    for (int i = -1; i <= 1; i++) {
      int weight = i == 0 ? 2 : 1;
      sumX += weight * (pixel(x + 1, y + i) - pixel(x - 1, y + i));
      sumY += weight * (pixel(x + i, y + 1) - pixel(x + i, y - 1));
    }
    across[y * width + x] = (short) sumX;
    down[y * width + x] = (short) sumY;
  }

  /** Pixels outside are those of the edge. */
  private int pixel(int x, int y) {
    return gray.at(Math.max(0, Math.min(width - 1, x)), Math.max(0, Math.min(height - 1, y)), 0);
  }

  private int strength(int x, int y) {
    return isInside(x, y) ? Math.abs(across[y * width + x]) + Math.abs(down[y * width + x]) : 0;
  }

  private boolean isInside(int x, int y) {
    return x >= 0 && y >= 0 && x < width && y < height;
  }

  private boolean isMaximum(int x, int y) {
    int dx = across[y * width + x];
    int dy = down[y * width + x];
    int here = strength(x, y);
    if (Math.abs(dy) < TANGENT * Math.abs(dx)) {
      return here > strength(x - 1, y) && here >= strength(x + 1, y);
    }
    if (Math.abs(dy) > Math.abs(dx) / TANGENT) {
      return here > strength(x, y - 1) && here >= strength(x, y + 1);
    }
    int side = (dx ^ dy) < 0 ? -1 : 1;
    return here > strength(x - side, y - 1) && here > strength(x + side, y + 1);
  }
}
