package io.vaccel.backend.image;

import io.vaccel.spi.Call;

/** A Gaussian blur, across and then down. */
final class Blurring {
  private final Call call;
  private final double[] kernel;
  private final int radius;

  Blurring(Call call, double sigma) {
    this.call = call;
    this.radius = (int) Math.ceil(3 * sigma);
    this.kernel = new double[2 * radius + 1];
    double total = 0;
    for (int i = 0; i < kernel.length; i++) {
      double distance = i - radius;
      kernel[i] = Math.exp(-distance * distance / (2 * sigma * sigma));
      total += kernel[i];
    }
    for (int i = 0; i < kernel.length; i++) {
      kernel[i] /= total;
    }
  }

  PixelBytes blur(PixelBytes raster) {
    int row = raster.width() * raster.channels();
    PixelBytes result = PixelBytes.blank(raster.width(), raster.height(), raster.format());
    // Rows that were blurred across, in a ring, so that memory does not grow with the picture.
    double[][] across = new double[kernel.length][row];
    for (int y = -radius; y < raster.height() + radius; y++) {
      call.check();
      blurAcross(raster, PixelBytes.mirrored(y, raster.height()), across[slot(y)]);
      if (y >= radius) {
        blurDown(across, y - radius, result);
      }
    }
    return result;
  }

  private int slot(int y) {
    return Math.floorMod(y, kernel.length);
  }

  private void blurAcross(PixelBytes raster, int y, double[] sums) {
    for (int x = 0; x < raster.width(); x++) {
      for (int c = 0; c < raster.channels(); c++) {
        double sum = 0;
        for (int i = 0; i < kernel.length; i++) {
          sum += kernel[i] * raster.at(PixelBytes.mirrored(x + i - radius, raster.width()), y, c);
        }
        sums[x * raster.channels() + c] = sum;
      }
    }
  }

  private void blurDown(double[][] across, int y, PixelBytes result) {
    int row = result.width() * result.channels();
    for (int at = 0; at < row; at++) {
      double sum = 0;
      for (int i = 0; i < kernel.length; i++) {
        sum += kernel[i] * across[slot(y + i - radius)][at];
      }
      result.data()[y * row + at] = (byte) Math.round(sum);
    }
  }
}
