package io.vaccel.backend.image;

import io.vaccel.ErrorCode;
import io.vaccel.ImageStep;
import io.vaccel.PixelFormat;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.util.List;

/** The functions on pictures, straight from their definitions. */
final class ImageFunctions {
  private final Call call;

  ImageFunctions(Call call) {
    this.call = call;
  }

  /** Applies them one after the other. */
  PixelBytes apply(List<ImageStep> steps, PixelBytes picture) {
    PixelBytes raster = picture;
    for (int i = 0; i < steps.size(); i++) {
      try {
        raster = apply(steps.get(i), raster);
      } catch (VaccelException e) {
        throw e.code() == ErrorCode.INVALID_ARGUMENT ? e.inField("steps[" + i + "]") : e;
      }
    }
    return raster;
  }

  private PixelBytes apply(ImageStep step, PixelBytes raster) {
    if (step instanceof ImageStep.Resize resize) {
      return resize(raster, resize.width(), resize.height());
    } else if (step instanceof ImageStep.Crop crop) {
      return crop(raster, crop);
    } else if (step instanceof ImageStep.Grayscale) {
      return grayscale(raster);
    } else if (step instanceof ImageStep.Blur blur) {
      return new Blurring(call, blur.sigma()).blur(raster);
    } else if (step instanceof ImageStep.Threshold threshold) {
      return threshold(gray(raster), threshold.level());
    } else if (step instanceof ImageStep.Edges edges) {
      return new EdgeFinder(call, gray(raster)).edges(edges.low(), edges.high());
    } else if (step instanceof ImageStep.Flip flip) {
      return mapped(raster, false, flip.leftRight(), !flip.leftRight());
    }
    int turns = ((ImageStep.Rotate) step).quarterTurns();
    return mapped(raster, turns != 2, turns != 3, turns != 1);
  }

  private static PixelBytes gray(PixelBytes raster) {
    if (raster.format() != PixelFormat.GRAY8) {
      throw new VaccelException(
          Reason.ARGUMENT_INVALID, "the image must be GRAY8 here, it is " + raster.format());
    }
    return raster;
  }

  private static PixelBytes crop(PixelBytes raster, ImageStep.Crop part) {
    if ((long) part.x() + part.width() > raster.width()
        || (long) part.y() + part.height() > raster.height()) {
      throw VaccelException.ofField(
          "crop", "does not lie within " + raster.width() + " x " + raster.height() + " pixels");
    }
    PixelBytes result = PixelBytes.blank(part.width(), part.height(), raster.format());
    int bytes = part.width() * raster.channels();
    for (int y = 0; y < part.height(); y++) {
      int from = ((part.y() + y) * raster.width() + part.x()) * raster.channels();
      System.arraycopy(raster.data(), from, result.data(), y * bytes, bytes);
    }
    return result;
  }

  private static PixelBytes threshold(PixelBytes raster, int level) {
    PixelBytes result = PixelBytes.blank(raster.width(), raster.height(), raster.format());
    for (int i = 0; i < raster.data().length; i++) {
      result.data()[i] = (byte) ((raster.data()[i] & 0xff) > level ? 255 : 0);
    }
    return result;
  }

  /** ITU-R BT.601, in the fixed point of OpenCV. */
  private static PixelBytes grayscale(PixelBytes raster) {
    if (raster.format() == PixelFormat.GRAY8) {
      return raster;
    }
    int red = raster.format() == PixelFormat.BGR8 ? 2 : 0;
    PixelBytes result = PixelBytes.blank(raster.width(), raster.height(), PixelFormat.GRAY8);
    for (int y = 0; y < raster.height(); y++) {
      for (int x = 0; x < raster.width(); x++) {
        int sum =
            9798 * raster.at(x, y, red)
                + 19235 * raster.at(x, y, 1)
                + 3735 * raster.at(x, y, 2 - red);
        result.put(x, y, 0, (sum + (1 << 14)) >> 15);
      }
    }
    return result;
  }

  private PixelBytes resize(PixelBytes raster, int width, int height) {
    PixelBytes result = PixelBytes.blank(width, height, raster.format());
    double scaleX = (double) raster.width() / width;
    double scaleY = (double) raster.height() / height;
    for (int y = 0; y < height; y++) {
      call.check();
      double sourceY = clamped((y + 0.5) * scaleY - 0.5, raster.height());
      int top = (int) sourceY;
      int bottom = Math.min(top + 1, raster.height() - 1);
      double down = sourceY - top;
      for (int x = 0; x < width; x++) {
        double sourceX = clamped((x + 0.5) * scaleX - 0.5, raster.width());
        int left = (int) sourceX;
        int right = Math.min(left + 1, raster.width() - 1);
        double across = sourceX - left;
        for (int c = 0; c < raster.channels(); c++) {
          double above = mix(raster.at(left, top, c), raster.at(right, top, c), across);
          double below = mix(raster.at(left, bottom, c), raster.at(right, bottom, c), across);
          result.put(x, y, c, (int) Math.round(mix(above, below, down)));
        }
      }
    }
    return result;
  }

  private static double clamped(double position, int size) {
    return Math.max(0, Math.min(size - 1, position));
  }

  private static double mix(double from, double to, double share) {
    return from + (to - from) * share;
  }

  /** Every pixel moves: rows and columns change places first, then either may run backwards. */
  static PixelBytes mapped(
      PixelBytes raster, boolean transposed, boolean backwardsX, boolean backwardsY) {
    int width = transposed ? raster.height() : raster.width();
    int height = transposed ? raster.width() : raster.height();
    PixelBytes result = PixelBytes.blank(width, height, raster.format());
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int fromX = transposed ? y : x;
        int fromY = transposed ? x : y;
        fromX = (transposed ? backwardsY : backwardsX) ? raster.width() - 1 - fromX : fromX;
        fromY = (transposed ? backwardsX : backwardsY) ? raster.height() - 1 - fromY : fromY;
        for (int c = 0; c < raster.channels(); c++) {
          result.put(x, y, c, raster.at(fromX, fromY, c));
        }
      }
    }
    return result;
  }
}
