package io.vaccel.backend.image;

import io.vaccel.ElementType;
import io.vaccel.Image;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Results with one value for each pixel of the upright picture. */
final class PixelMap {
  private PixelMap() {}

  /** The memory of such a result, of at most {@link Image#MAX_BYTES}. */
  static Pipeline.Working working(ElementType type) {
    return (width, height) -> {
      long bytes = type.bytes(width * height);
      if (bytes > Image.MAX_BYTES) {
        throw new VaccelException(
                Reason.IMAGE_TOO_LARGE,
                "image of "
                    + width
                    + " x "
                    + height
                    + " pixels: the result would have "
                    + bytes
                    + " bytes, the limit is "
                    + Image.MAX_BYTES)
            .with("limit", Image.MAX_BYTES)
            .with("amount", bytes);
      }
      return bytes;
    };
  }

  /** Memory for a result, to be filled row by row. */
  static ByteBuffer allocate(ElementType type, int width, int height) {
    return ByteBuffer.allocate((int) type.bytes((long) width * height))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The filled result. */
  static Tensor tensor(String name, ElementType type, int width, int height, ByteBuffer data) {
    return Tensor.of(name, type, Shape.of(height, width), data.rewind());
  }
}
