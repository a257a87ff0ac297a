package io.vaccel.backend.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;

/**
 * The samples of a decoded picture, as they are in the file: a palette is looked up, grey becomes
 * three equal channels, alpha is dropped, other depths are scaled to 8 bits. No colour space is
 * converted; Java's own conversion would brighten grey pictures.
 */
final class RasterPixels implements Pixels {
  private final BufferedImage image;
  private final Raster raster;
  private final int bands;
  private final int[] highest;

  RasterPixels(BufferedImage image) {
    this.image = image;
    this.raster = image.getRaster();
    this.bands = raster.getNumBands();
    this.highest = new int[bands];
    for (int band = 0; band < bands; band++) {
      highest[band] = (1 << raster.getSampleModel().getSampleSize(band)) - 1;
    }
  }

  @Override
  public int width() {
    return image.getWidth();
  }

  @Override
  public int height() {
    return image.getHeight();
  }

  @Override
  public void row(int y, int from, int to, byte[] rgb) {
    int count = to - from;
    if (image.getColorModel() instanceof IndexColorModel palette) {
      int[] samples = raster.getPixels(from, y, count, 1, (int[]) null);
      for (int i = 0; i < count; i++) {
        int color = palette.getRGB(samples[i]);
        rgb[3 * i] = (byte) (color >> 16);
        rgb[3 * i + 1] = (byte) (color >> 8);
        rgb[3 * i + 2] = (byte) color;
      }
    } else if (isPackedBytes()) {
      // The usual case, several times faster than by samples.
      byte[] samples = (byte[]) raster.getDataElements(from, y, count, 1, null);
      for (int i = 0; i < count; i++) {
        for (int channel = 0; channel < 3; channel++) {
          rgb[3 * i + channel] = samples[bands * i + band(channel)];
        }
      }
    } else {
      int[] samples = raster.getPixels(from, y, count, 1, (int[]) null);
      for (int i = 0; i < count; i++) {
        for (int channel = 0; channel < 3; channel++) {
          int band = band(channel);
          int most = highest[band];
          rgb[3 * i + channel] = (byte) ((samples[bands * i + band] * 255L + most / 2) / most);
        }
      }
    }
  }

  private boolean isPackedBytes() {
    return raster.getTransferType() == DataBuffer.TYPE_BYTE
        && raster.getNumDataElements() == bands
        && highest[0] == 255;
  }

  /** Of one or two bands the first is grey. */
  private int band(int channel) {
    return bands < 3 ? 0 : channel;
  }
}
