package io.vaccel.agent;

import java.util.HashMap;
import java.util.Map;

/**
 * Counts the bytes of the store, in all and by the peer that brought them; guarded by its store's
 * lock.
 *
 * <p>It has an entry for a peer only while the store holds something of that peer, so that guests
 * that come under ever new names cannot grow it beyond {@link Limit#STORE_FILES}.
 */
final class StoreSpace {
  private final long most;
  private final long mostPerOwner;
  private final Map<String, Long> byOwner = new HashMap<>();
  private long used;

  StoreSpace(Quota quota) {
    this.most = quota.get(Limit.STORE_BYTES);
    this.mostPerOwner = quota.get(Limit.STORE_BYTES_PER_PEER);
  }

  boolean overall(long more) {
    return more <= most - used;
  }

  /** Files whose bringer is not known any more, from before a restart, have the owner "". */
  boolean forOwner(String owner, long more) {
    return owner.isEmpty() || more <= mostPerOwner - byOwner.getOrDefault(owner, 0L);
  }

  void add(String owner, long bytes) {
    if (bytes != 0) {
      used += bytes;
      byOwner.merge(owner, bytes, StoreSpace::sum);
    }
  }

  void remove(String owner, long bytes) {
    add(owner, -bytes);
  }

  long used() {
    return used;
  }

  long used(String owner) {
    return byOwner.getOrDefault(owner, 0L);
  }

  private static Long sum(long a, long b) {
    return a + b == 0 ? null : a + b;
  }
}
