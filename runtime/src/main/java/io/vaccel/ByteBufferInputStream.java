package io.vaccel;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** Reads the remaining bytes of a buffer; not safe for use by several threads. */
final class ByteBufferInputStream extends InputStream {
  private final ByteBuffer rest;

  ByteBufferInputStream(ByteBuffer rest) {
    this.rest = rest;
  }

  @Override
  public int read() {
    return rest.hasRemaining() ? rest.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length > 0 && !rest.hasRemaining()) {
      return -1;
    }
    int n = Math.min(length, rest.remaining());
    rest.get(target, offset, n);
    return n;
  }
}
