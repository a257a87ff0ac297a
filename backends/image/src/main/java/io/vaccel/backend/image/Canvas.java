package io.vaccel.backend.image;

import io.vaccel.Image;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;

/**
 * A picture to draw on; lines and letters grow with it. Not safe for use by several threads.
 *
 * <p>Only shapes are drawn, in Java: neither fonts nor their configuration are asked for, which a
 * server's JDK often lacks, and the result is the same on every machine.
 */
final class Canvas {
  /** Larger pictures are shrunk to this before they are drawn on. */
  static final long MAX_PIXELS = 4L << 20;

  /** Sums, scaled bytes, the drawing and the file while it is written. */
  private static final long BYTES_PER_PIXEL = 12 + 3 + 4 + 8;

  /** How many times as high as its lines are thick a picture is. */
  private static final double PICTURE_TO_LINE = 200;

  private static final double LINE_TO_TEXT = 6.5;

  private final BufferedImage image;
  private final Graphics2D graphics;
  private final double scale;
  private final double line;

  private Canvas(BufferedImage image, double scale) {
    this.image = image;
    this.scale = scale;
    this.graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
    double size = Math.sqrt((double) image.getWidth() * image.getHeight());
    this.line = Math.max(1.5, size / PICTURE_TO_LINE);
  }

  /** The memory that drawing takes, when it is wanted. */
  static Pipeline.Working working(boolean wanted) {
    return wanted
        ? (width, height) -> Math.min(MAX_PIXELS, width * height) * BYTES_PER_PIXEL
        : Pipeline.Working.NONE;
  }

  /** A copy of the upright picture. */
  static Canvas of(Picture picture) {
    double pixels = (double) picture.width() * picture.height();
    double scale = Math.min(1, Math.sqrt(MAX_PIXELS / pixels));
    int width = (int) Math.max(1, Math.floor(picture.width() * scale));
    int height = (int) Math.max(1, Math.floor(picture.height() * scale));
    Scaled scaled =
        Scaled.of(
            picture,
            new Geometry.Box(0, 0, picture.width(), picture.height()),
            width,
            height,
            Metadata.Interpolation.BILINEAR);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rgb =
            scaled.sample(x, y, 0) << 16 | scaled.sample(x, y, 1) << 8 | scaled.sample(x, y, 2);
        image.setRGB(x, y, rgb);
      }
    }
    return new Canvas(image, scale);
  }

  int width() {
    return image.getWidth();
  }

  int height() {
    return image.getHeight();
  }

  /** Pixels of the canvas to a pixel of the picture, at most 1. */
  double scale() {
    return scale;
  }

  /** The thickness of a line that goes with the picture's size. */
  double line() {
    return line;
  }

  /** The height of a line of text that goes with the picture's size. */
  double textSize() {
    return Math.max(10, line * LINE_TO_TEXT);
  }

  /** The colour of a pixel as 0xRRGGBB. */
  int pixel(int x, int y) {
    return image.getRGB(x, y) & 0xffffff;
  }

  /** Sets the colour of a pixel. */
  void pixel(int x, int y, int rgb) {
    image.setRGB(x, y, rgb);
  }

  /** Fills a shape. */
  void fill(Shape shape, Color color) {
    graphics.setColor(color);
    graphics.fill(shape);
  }

  /** Draws the outline of a shape, with round ends. */
  void stroke(Shape shape, Color color, double width) {
    graphics.setColor(color);
    graphics.setStroke(
        new BasicStroke((float) width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    graphics.draw(shape);
  }

  /** Writes text, its left end and upper edge at this place. */
  void text(String text, double x, double y, double size, Color color) {
    AffineTransform place = AffineTransform.getTranslateInstance(x, y + Glyphs.ASCENT * size);
    place.scale(size, size);
    fill(place.createTransformedShape(Glyphs.outline(text)), color);
  }

  /** The whole of it. */
  Rectangle2D bounds() {
    return new Rectangle2D.Double(0, 0, width(), height());
  }

  /** The file. */
  Image.Encoded png() {
    graphics.dispose();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", out);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    return new Image.Encoded(ByteBuffer.wrap(out.toByteArray()));
  }
}
