package io.vaccel.agent;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Makes ids that cannot be guessed: 128 random bits as 32 hexadecimal digits. */
final class RandomId {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 16;

  private RandomId() {}

  static String next() {
    byte[] bits = new byte[BYTES];
    RANDOM.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }
}
