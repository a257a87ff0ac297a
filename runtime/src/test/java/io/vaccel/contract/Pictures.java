package io.vaccel.contract;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;

/** Picture files that tests can tell apart. */
public final class Pictures {
  private Pictures() {}

  /** A picture of one colour. */
  public static BufferedImage plain(Color color, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(0, 0, width, height);
    graphics.dispose();
    return image;
  }

  /**
   * The file of a picture, in a format that ImageIO writes: {@code png}, {@code jpg}, {@code bmp}.
   */
  public static ByteBuffer file(BufferedImage image, String format) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalArgumentException("ImageIO does not write this picture as " + format);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ByteBuffer.wrap(out.toByteArray());
  }

  /** The file of a picture of one colour. */
  public static ByteBuffer file(Color color, String format) {
    return file(plain(color, 16, 12), format);
  }

  /** A PNG of some bytes that claims to be this large: 8 bits RGB, and no pixels. */
  public static ByteBuffer pngThatClaims(int width, int height) {
    ByteBuffer file = ByteBuffer.allocate(8 + 25 + 12 + 12);
    file.putLong(0x89504e470d0a1a0aL);
    ByteBuffer header = ByteBuffer.allocate(13);
    header.putInt(width).putInt(height).put((byte) 8).put((byte) 2);
    putChunk(file, "IHDR", header.rewind());
    putChunk(file, "IDAT", ByteBuffer.allocate(0));
    putChunk(file, "IEND", ByteBuffer.allocate(0));
    return file.flip();
  }

  /** Appends a PNG chunk with its checksum. */
  public static void putChunk(ByteBuffer file, String type, ByteBuffer body) {
    file.putInt(body.remaining());
    int start = file.position();
    file.put(type.getBytes(StandardCharsets.US_ASCII)).put(body.duplicate());
    CRC32 checksum = new CRC32();
    checksum.update(file.slice(start, file.position() - start));
    file.putInt((int) checksum.getValue());
  }
}
