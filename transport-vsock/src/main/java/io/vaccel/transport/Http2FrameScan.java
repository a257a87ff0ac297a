package io.vaccel.transport;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frame boundaries of a client's HTTP/2 byte stream (RFC 9113, sections 3.4 and 4.1)
 * without consuming it.
 *
 * <p>It checks nothing: malformed input is for the decoder behind it to refuse. Used by one thread.
 */
final class Http2FrameScan {
  private static final int PREFACE_BYTES = 24;
  private static final int HEADER_BYTES = 9;
  private static final int DATA = 0x0;
  private static final int HEADERS = 0x1;
  private static final int CONTINUATION = 0x9;
  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;

  private int prefaceLeft = PREFACE_BYTES;
  private int headerFilled;
  private int length;
  private int type;
  private int flags;
  private int payloadLeft;
  private int padding;
  private long completeFrames;
  private int emptyFramesInARow;

  /** Looks at the readable bytes; the reader index stays. */
  void read(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (prefaceLeft > 0) {
        int skipped = Math.min(prefaceLeft, end - at);
        prefaceLeft -= skipped;
        at += skipped;
      } else if (headerFilled < HEADER_BYTES) {
        header(bytes.getUnsignedByte(at++));
      } else {
        if (payloadLeft == length && padded()) {
          padding = bytes.getUnsignedByte(at) + 1;
        }
        int skipped = Math.min(payloadLeft, end - at);
        payloadLeft -= skipped;
        at += skipped;
        endFrameIfComplete();
      }
    }
  }

  private void header(int octet) {
    switch (headerFilled++) {
      case 0, 1, 2 -> length = (length << 8) | octet;
      case 3 -> type = octet;
      case 4 -> flags = octet;
      case 8 -> {
        payloadLeft = length;
        padding = 0;
        endFrameIfComplete();
      }
      default -> {} // The stream id does not matter here.
    }
  }

  private void endFrameIfComplete() {
    if (payloadLeft > 0) {
      return;
    }
    completeFrames++;
    boolean ends =
        switch (type) {
          case DATA -> set(END_STREAM);
          case HEADERS -> set(END_STREAM) || set(END_HEADERS);
          case CONTINUATION -> set(END_HEADERS);
          default -> true; // Other frames are counted by the decoder's own limits.
        };
    if (ends || length > padding) {
      emptyFramesInARow =
          type == DATA || type == HEADERS || type == CONTINUATION ? 0 : emptyFramesInARow;
    } else {
      emptyFramesInARow++;
    }
    headerFilled = 0;
    length = 0;
  }

  private boolean padded() {
    return type == DATA && set(PADDED);
  }

  private boolean set(int flag) {
    return (flags & flag) != 0;
  }

  /** Frames whose last byte has passed. */
  long completeFrames() {
    return completeFrames;
  }

  /** Whether the last byte seen was inside the preface or a frame. */
  boolean insideFrame() {
    return headerFilled > 0 || (prefaceLeft > 0 && prefaceLeft < PREFACE_BYTES);
  }

  /**
   * The current run of DATA, HEADERS and CONTINUATION frames that carried nothing and ended
   * nothing.
   */
  int emptyFramesInARow() {
    return emptyFramesInARow;
  }
}
