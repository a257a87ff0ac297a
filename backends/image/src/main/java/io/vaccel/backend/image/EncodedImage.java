package io.vaccel.backend.image;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * A picture file that has been taken apart and found whole.
 *
 * @param format {@code JPEG}, {@code PNG} or {@code BMP}
 * @param width stored columns, within the limits
 * @param height stored rows, within the limits
 * @param orientation how it is to be turned
 * @param memoryBytes about as much memory as decoding takes
 */
record EncodedImage(
    String format, int width, int height, Orientation orientation, long memoryBytes) {

  private static final String SUPPORTED = "JPEG, PNG and BMP are";

  /**
   * Takes a file apart.
   *
   * @param kept gets what makes the pixels, and nothing else
   * @throws VaccelException {@link Reason#IMAGE_TOO_LARGE} as soon as the header says so, {@link
   *     Reason#IMAGE_UNREADABLE} when it is no picture, damaged, cut off, or of a kind that is not
   *     supported
   */
  static EncodedImage parse(ByteBuffer file, ImageLimits limits, Kept kept) {
    ByteBuffer data = file.slice().order(ByteOrder.BIG_ENDIAN);
    String format = formatOf(data);
    try {
      return switch (format) {
        case "JPEG" -> JpegFile.parse(data, limits, kept);
        case "PNG" -> PngFile.parse(data, limits, kept);
        case "BMP" -> BmpFile.parse(data, limits, kept);
        case "" -> throw unreadable("the bytes are no picture; " + SUPPORTED + " supported");
        default -> throw unreadable("format " + format + " is not supported; " + SUPPORTED);
      };
    } catch (IndexOutOfBoundsException | BufferUnderflowException e) {
      throw unreadable("the " + format + " is cut off: it ends after " + data.limit() + " bytes");
    }
  }

  static VaccelException unreadable(String text) {
    return new VaccelException(Reason.IMAGE_UNREADABLE, text).about("image");
  }

  /** The name of the format by the first bytes; empty when they are of none that is known. */
  private static String formatOf(ByteBuffer data) {
    byte[] head = new byte[Math.min(16, data.limit())];
    data.get(0, head);
    String start = new String(head, StandardCharsets.ISO_8859_1);
    String brand = start.length() >= 12 ? start.substring(4, 12) : "";
    if (start.startsWith("\u00ff\u00d8\u00ff")) {
      return "JPEG";
    }
    if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
      return "PNG";
    }
    if (start.startsWith("BM")) {
      return "BMP";
    }
    if (start.startsWith("GIF8")) {
      return "GIF";
    }
    if (start.startsWith("RIFF") && start.startsWith("WEBP", 8)) {
      return "WebP";
    }
    if (start.startsWith("II*\0") || start.startsWith("MM\0*")) {
      return "TIFF";
    }
    if (brand.startsWith("ftypavi")) {
      return "AVIF";
    }
    if (brand.startsWith("ftyphei") || brand.startsWith("ftypmif")) {
      return "HEIC";
    }
    if (start.startsWith("\u00ff\n") || brand.startsWith("JXL ")) {
      return "JPEG XL";
    }
    if (brand.startsWith("jP  ")) {
      return "JPEG 2000";
    }
    if (start.startsWith("%PDF")) {
      return "PDF";
    }
    if (start.startsWith("<svg") || start.startsWith("<?xml")) {
      return "SVG";
    }
    return "";
  }
}
