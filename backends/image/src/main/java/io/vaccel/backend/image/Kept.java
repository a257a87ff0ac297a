package io.vaccel.backend.image;

import java.nio.ByteBuffer;

/**
 * Takes the parts of a file that a decoder gets: counts them first, so that memory can be asked
 * for, and then copies them. Not safe for use by several threads.
 */
final class Kept {
  private final ByteBuffer target;
  private final boolean copies;
  private int size;

  private Kept(ByteBuffer target, boolean copies) {
    this.target = target;
    this.copies = copies;
  }

  /** Only counts. */
  static Kept counting() {
    return new Kept(ByteBuffer.allocate(0), false);
  }

  /** Copies as many bytes as were counted before. */
  static Kept copying(int size) {
    return new Kept(ByteBuffer.allocate(size), true);
  }

  /** Takes one byte. */
  void write(int value) {
    size++;
    if (copies) {
      target.put((byte) value);
    }
  }

  /** Takes a whole buffer. */
  void write(ByteBuffer bytes) {
    size += bytes.limit();
    if (copies) {
      target.put(bytes.duplicate().rewind());
    }
  }

  /** Bytes so far; never more than the file has. */
  int size() {
    return size;
  }

  /** What was copied. */
  ByteBuffer content() {
    return target.duplicate().flip();
  }
}
