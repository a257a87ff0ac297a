package io.vaccel.backend.tensorflow;

import java.nio.ByteBuffer;

/** Numbers of four bits: ours two in a byte, the first in the low half, TensorFlow's one. */
final class PackedInt4 {
  private PackedInt4() {}

  /** Fills {@code single} from {@code packed}. */
  static void unpack(ByteBuffer packed, ByteBuffer single) {
    for (int i = 0; single.hasRemaining(); i++) {
      int both = packed.get(i / 2);
      single.put((byte) (i % 2 == 0 ? (byte) (both << 4) >> 4 : both >> 4));
    }
  }

  /** Fills {@code packed} from {@code single}; half a byte that is left over is zero. */
  static void pack(ByteBuffer single, ByteBuffer packed) {
    while (packed.hasRemaining()) {
      int low = single.get() & 0xf;
      int high = single.hasRemaining() ? single.get() & 0xf : 0;
      packed.put((byte) (high << 4 | low));
    }
  }
}
