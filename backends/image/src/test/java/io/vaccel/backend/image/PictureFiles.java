package io.vaccel.backend.image;

import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;

/** Picture files of every kind that is decoded, whose pixels can be told. */
final class PictureFiles {
  static final int WIDTH = 23;
  static final int HEIGHT = 17;

  private PictureFiles() {}

  static int value(int x, int y, int band, int bits) {
    return (x * 2741 + y * 7919 + band * 104729) * 31 & ((1 << bits) - 1);
  }

  static int smooth(int x, int y, int channel) {
    return channel == 0 ? 10 * x : channel == 1 ? 15 * y : 100;
  }

  static BufferedImage samples(int space, boolean alpha, int bits) {
    int type = bits == 8 ? DataBuffer.TYPE_BYTE : DataBuffer.TYPE_USHORT;
    ComponentColorModel model =
        new ComponentColorModel(
            ColorSpace.getInstance(space),
            alpha,
            false,
            alpha ? Transparency.TRANSLUCENT : Transparency.OPAQUE,
            type);
    WritableRaster raster = model.createCompatibleWritableRaster(WIDTH, HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        for (int band = 0; band < raster.getNumBands(); band++) {
          raster.setSample(x, y, band, value(x, y, band, bits));
        }
      }
    }
    return new BufferedImage(model, raster, false, null);
  }

  static BufferedImage smooth(int type) {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, type);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        if (type == BufferedImage.TYPE_BYTE_GRAY) {
          image.getRaster().setSample(x, y, 0, smooth(x, y, 0));
        } else {
          image.setRGB(x, y, smooth(x, y, 0) << 16 | smooth(x, y, 1) << 8 | smooth(x, y, 2));
        }
      }
    }
    return image;
  }

  static BufferedImage noise() {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 64 * 64; i++) {
      image.setRGB(i % 64, i / 64, value(i, i / 7, i % 3, 24));
    }
    return image;
  }

  static ByteBuffer png(BufferedImage image, boolean interlaced) throws IOException {
    return write(image, "png", interlaced);
  }

  static ByteBuffer jpeg(BufferedImage image, boolean progressive) throws IOException {
    return write(image, "jpeg", progressive);
  }

  static ByteBuffer write(BufferedImage image, String format, boolean progressive)
      throws IOException {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
    ImageWriteParam param = writer.getDefaultWriteParam();
    param.setProgressiveMode(
        progressive ? ImageWriteParam.MODE_DEFAULT : ImageWriteParam.MODE_DISABLED);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(null, new IIOImage(image, null, null), param);
    }
    writer.dispose();
    return ByteBuffer.wrap(out.toByteArray());
  }

  static ByteBuffer exif(int orientation, ByteOrder order) {
    ByteBuffer exif = ByteBuffer.allocate(8 + 2 + 24).order(order);
    exif.putShort((short) (order == ByteOrder.LITTLE_ENDIAN ? 0x4949 : 0x4d4d))
        .putShort((short) 42);
    exif.putInt(8).putShort((short) 2);
    exif.putShort((short) 0x010f).putShort((short) 2).putInt(3).putInt(0);
    exif.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    return exif.rewind();
  }

  static ByteBuffer withExif(ByteBuffer jpeg, ByteBuffer exif) {
    ByteBuffer file = ByteBuffer.allocate(jpeg.limit() + 10 + exif.limit());
    file.put(jpeg.slice(0, 2)).putShort((short) 0xffe1).putShort((short) (8 + exif.limit()));
    file.put("Exif\0\0".getBytes(StandardCharsets.US_ASCII)).put(exif.duplicate());
    return file.put(jpeg.slice(2, jpeg.limit() - 2)).flip();
  }

  static int frameHeader(ByteBuffer jpeg) {
    return indexOf(jpeg, (byte) 0xff, (byte) 0xc0);
  }

  static int indexOf(ByteBuffer file, byte... wanted) {
    for (int i = 0; ; i++) {
      if (file.slice(i, wanted.length).equals(ByteBuffer.wrap(wanted))) {
        return i;
      }
    }
  }
}
