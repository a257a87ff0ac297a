package io.vaccel.backend.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How a stored picture is to be turned before it is looked at; the eight values of EXIF.
 *
 * @param transposed whether rows and columns change places
 * @param flippedX whether stored columns run backwards
 * @param flippedY whether stored rows run backwards
 */
record Orientation(boolean transposed, boolean flippedX, boolean flippedY) {
  /** As it is stored. */
  static final Orientation UPRIGHT = new Orientation(false, false, false);

  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  /** The EXIF value, 1 to 8; any other is upright. */
  static Orientation of(int exif) {
    return switch (exif) {
      case 2 -> new Orientation(false, true, false);
      case 3 -> new Orientation(false, true, true);
      case 4 -> new Orientation(false, false, true);
      case 5 -> new Orientation(true, false, false);
      case 6 -> new Orientation(true, false, true);
      case 7 -> new Orientation(true, true, true);
      case 8 -> new Orientation(true, true, false);
      default -> UPRIGHT;
    };
  }

  /**
   * What EXIF data says, a TIFF structure (TIFF 6.0, section 2; EXIF 2.32, tag 274). Upright when
   * it says nothing or is damaged, as every viewer does it.
   */
  static Orientation ofExif(ByteBuffer tiff) {
    ByteBuffer data = tiff.slice();
    try {
      int order = data.getShort();
      if (order != 0x4949 && order != 0x4d4d) {
        return UPRIGHT;
      }
      data.order(order == 0x4949 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
      if (data.getShort() != 42) {
        return UPRIGHT;
      }
      int directory = data.getInt();
      int entries = data.getShort(directory) & 0xffff;
      for (int i = 0; i < entries; i++) {
        int entry = Math.addExact(directory, 2 + i * ENTRY_BYTES);
        if ((data.getShort(entry) & 0xffff) == TAG) {
          boolean single = data.getShort(entry + 2) == SHORT && data.getInt(entry + 4) == 1;
          return single ? of(data.getShort(entry + 8)) : UPRIGHT;
        }
      }
    } catch (IndexOutOfBoundsException
        | java.nio.BufferUnderflowException
        | ArithmeticException e) {
      return UPRIGHT;
    }
    return UPRIGHT;
  }
}
