package io.vaccel.agent;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts things of one kind by the peer that has them, and refuses a peer too many. Safe for use by
 * several threads.
 *
 * <p>It knows a peer only while that peer has something, so that guests that come under ever new
 * names leave nothing behind.
 */
final class PeerCount {
  private final Limit limit;
  private final int most;
  private final Map<String, Integer> counts = new HashMap<>();

  PeerCount(Limit limit, Quota quota) {
    this.limit = limit;
    this.most = quota.count(limit);
  }

  /**
   * Counts one more.
   *
   * @throws io.vaccel.VaccelException {@link io.vaccel.Reason#QUOTA_EXCEEDED}
   */
  synchronized void take(String owner) {
    int now = counts.getOrDefault(owner, 0);
    if (now >= most) {
      throw limit.exceeded(most, now + 1L);
    }
    counts.put(owner, now + 1);
  }

  /** Counts one less. */
  synchronized void give(String owner) {
    counts.computeIfPresent(owner, (peer, now) -> now == 1 ? null : now - 1);
  }

  /** Peers that have something. */
  synchronized int peers() {
    return counts.size();
  }
}
