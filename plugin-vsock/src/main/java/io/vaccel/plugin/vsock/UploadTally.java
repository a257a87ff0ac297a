package io.vaccel.plugin.vsock;

import io.vaccel.Digest;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts what one loading sends, over all its tries; used by one thread.
 *
 * <p>It also tells a try that got further than the last one from a try in vain, so that a large
 * model arrives over a connection that breaks now and then.
 */
final class UploadTally {
  private final Map<Digest, Long> arrived = new HashMap<>();
  private Runnable onProgress = () -> {};
  private long sentBytes;

  /** Runs this when a new try finds more at the agent than the one before. */
  void onProgress(Runnable listener) {
    onProgress = listener;
  }

  /** The agent has so much of this content. */
  void found(Digest digest, long receivedBytes) {
    Long before = arrived.put(digest, receivedBytes);
    if (before != null && before < receivedBytes) {
      onProgress.run();
    }
  }

  void sent(long bytes) {
    sentBytes += bytes;
  }

  /** Content bytes that travelled. */
  long sentBytes() {
    return sentBytes;
  }
}
