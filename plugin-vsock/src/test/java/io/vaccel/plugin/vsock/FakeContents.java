package io.vaccel.plugin.vsock;

import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.ContentStatus;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;

/**
 * The uploaded content of a fake agent. It keeps no bytes but their running digest and the first
 * few, so that contents may be large.
 */
final class FakeContents {
  private final Map<String, Content> contents = new HashMap<>();

  /** One content, complete or not. */
  private static final class Content {
    private final MessageDigest sha256 = Digest.sha256();
    private final byte[] head = new byte[64];
    private long received;
    private boolean complete;
  }

  synchronized ContentStatus status(String digest) {
    Content content = contents.getOrDefault(digest, new Content());
    return ContentStatus.newBuilder()
        .setDigest(digest)
        .setComplete(content.complete)
        .setReceivedBytes(content.received)
        .build();
  }

  synchronized void begin(String digest, long offset) {
    Content content = contents.computeIfAbsent(digest, unused -> new Content());
    if (content.complete || offset != content.received) {
      throw new VaccelException(
          Reason.OFFSET_MISMATCH, "the upload continues at " + content.received);
    }
  }

  synchronized void append(String digest, byte[] chunk) {
    Content content = contents.get(digest);
    for (int i = 0; i < chunk.length && content.received + i < content.head.length; i++) {
      content.head[(int) content.received + i] = chunk[i];
    }
    content.sha256.update(chunk);
    content.received += chunk.length;
  }

  synchronized void complete(String digest, long size) {
    Content content = contents.get(digest);
    if (content.received != size || !Digest.of(content.sha256).hex().equals(digest)) {
      contents.remove(digest);
      throw new VaccelException(Reason.CONTENT_MISMATCH, "the bytes have another digest");
    }
    content.complete = true;
  }

  synchronized boolean isComplete(String digest) {
    return contents.containsKey(digest) && contents.get(digest).complete;
  }

  synchronized long received(String digest) {
    return contents.containsKey(digest) ? contents.get(digest).received : 0;
  }

  synchronized byte head(String digest) {
    return contents.get(digest).head[0];
  }

  synchronized void clear() {
    contents.clear();
  }
}
