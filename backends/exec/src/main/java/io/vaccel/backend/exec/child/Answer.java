package io.vaccel.backend.exec.child;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.nio.charset.StandardCharsets;

/**
 * The way back: a copy of standard output under another number. Standard output itself, input and
 * error lead nowhere from then on, so that a library that prints disturbs nobody.
 */
final class Answer {
  private static final int DUPLICATE_FROM = 0;
  private static final int READ_WRITE = 2;

  private final int descriptor;
  private final long nonce;

  private Answer(int descriptor, long nonce) {
    this.descriptor = descriptor;
    this.nonce = nonce;
  }

  static Answer takeOver(long nonce) {
    int copy = Libc.fcntl(1, DUPLICATE_FROM, 3);
    int nowhere = Libc.open("/dev/null", READ_WRITE);
    if (copy < 0
        || nowhere < 0
        || Libc.dup2(nowhere, 0) < 0
        || Libc.dup2(nowhere, 1) < 0
        || Libc.dup2(nowhere, 2) < 0) {
      throw new IllegalStateException("the standard streams cannot be moved: " + Libc.failure());
    }
    Libc.close(nowhere);
    return new Answer(copy, nonce);
  }

  /** Sends all of an answer that has no values. */
  void send(Outcome outcome, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, Outcome.MAX_TEXT);
    head(outcome);
    number(length);
    if (length > 0) {
      try (Memory all = new Memory(length)) {
        all.write(0, bytes, 0, length);
        write(all, length);
      }
    }
  }

  /** Sends what the function wrote. */
  void send(Outcome outcome, ArgumentArray written) {
    head(outcome);
    for (int i = 0; i < written.count(); i++) {
      number((int) written.size(i));
      write(written.value(i), written.size(i));
    }
  }

  private void head(Outcome outcome) {
    try (Memory head = new Memory(9)) {
      head.setLong(0, Long.reverseBytes(nonce));
      head.setByte(8, (byte) outcome.code());
      write(head, head.size());
    }
  }

  private void number(int value) {
    try (Memory number = new Memory(4)) {
      number.setInt(0, Integer.reverseBytes(value));
      write(number, number.size());
    }
  }

  private void write(Pointer data, long bytes) {
    long written = 0;
    while (written < bytes) {
      long now = Libc.write(descriptor, data.share(written), bytes - written);
      if (now <= 0) {
        // Nobody listens any more, or the library has closed it: there is nobody to tell.
        Runtime.getRuntime().halt(ChildMain.CANNOT_ANSWER);
      }
      written += now;
    }
  }
}
