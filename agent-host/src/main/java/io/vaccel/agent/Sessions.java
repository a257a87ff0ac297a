package io.vaccel.agent;

import io.vaccel.Policy;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.transport.Peer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sessions by id, each for the peer that opened it only. Safe for use by several threads.
 *
 * <p>To another peer a session does not exist: the error is the same as for an id that never was.
 */
final class Sessions {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);

  private final Vaccel runtime;
  private final ContentStore store;
  private final Quota quota;
  private final Function<Peer, Policy> policy;
  private final LongSupplier nanoClock;
  private final Budget count;
  private final PeerCount byPeer;
  private final Budget memory;
  private final Budget files;
  private final Budget modelBytes;
  private final LogThrottle throttle;
  private final Supplier<GuestNames> names;
  private final Map<String, AgentSession> sessions = new ConcurrentHashMap<>();

  Sessions(
      Vaccel runtime,
      ContentStore store,
      Quota quota,
      Function<Peer, Policy> policy,
      LongSupplier nanoClock,
      Supplier<GuestNames> names) {
    this.policy = policy;
    this.names = names;
    this.runtime = runtime;
    this.store = store;
    this.quota = quota;
    this.nanoClock = nanoClock;
    this.count = Budget.of(Limit.SESSIONS, quota);
    this.byPeer = new PeerCount(Limit.SESSIONS_PER_PEER, quota);
    this.memory = Budget.of(Limit.BUFFER_BYTES, quota);
    this.files = Budget.of(Limit.FILES, quota);
    this.modelBytes = Budget.of(Limit.MODEL_BYTES, quota);
    this.throttle = new LogThrottle(LOG, "lines about sessions");
  }

  /**
   * Opens a session.
   *
   * @param client what the client calls itself; printable
   * @param lease the wanted lease; empty for the default
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED}
   */
  AgentSession open(Peer peer, String client, Optional<Duration> lease) {
    String owner = peer.owner();
    byPeer.take(owner);
    try {
      count.take(1);
    } catch (VaccelException e) {
      byPeer.give(owner);
      throw e;
    }
    AgentSession opened;
    try {
      opened = make(peer, granted(lease));
    } catch (RuntimeException | Error e) {
      gone(owner);
      throw e;
    }
    sessions.put(opened.id(), opened);
    if (throttle.allows()) {
      LOG.info(
          "session opened peer=\"{}\" client=\"{}\" lease={}s session={}",
          names.get().shown(peer),
          client,
          opened.lease().toSeconds(),
          shown(opened));
    }
    return opened;
  }

  /**
   * The peer's session with this id, which stays until the call ends.
   *
   * @throws VaccelException {@link Reason#SESSION_NOT_FOUND}
   */
  AgentSession enter(String id, CallScope scope) {
    AgentSession session = owned(id, scope.peer());
    if (!session.enter(scope)) {
      throw unknown();
    }
    return session;
  }

  /** Ends the peer's session with this id. */
  void close(String id, Peer peer) {
    AgentSession session = owned(id, peer);
    if (!sessions.remove(id, session)) {
      throw unknown();
    }
    session.end();
    if (throttle.allows()) {
      LOG.info("session closed peer=\"{}\" session={}", names.get().shown(peer), shown(session));
    }
  }

  /** Ends the sessions whose lease has passed. */
  void reap() {
    for (AgentSession session : List.copyOf(sessions.values())) {
      if (session.endIfLeasePassed()) {
        sessions.remove(session.id());
        if (throttle.allows()) {
          LOG.info(
              "session lease passed peer=\"{}\" session={}",
              names.get().shown(session.owner(), session.owner()),
              shown(session));
        }
      }
    }
  }

  /** Ends all sessions. */
  void closeAll() {
    for (AgentSession session : List.copyOf(sessions.values())) {
      sessions.remove(session.id());
      session.end();
    }
  }

  /** Sessions that still hold something, those that wait for their last call included. */
  long count() {
    return count.used();
  }

  /** Memory in buffers. */
  long bufferBytes() {
    return memory.used();
  }

  /** Peers that have sessions. */
  int peers() {
    return byPeer.peers();
  }

  private AgentSession make(Peer peer, Duration lease) {
    String owner = peer.owner();
    Session session = runtime.openSession(policy.apply(peer));
    return new AgentSession(
        RandomId.next(),
        owner,
        lease,
        session,
        new SessionBuffers(
            memory.inner(Limit.BUFFER_BYTES_PER_SESSION, quota),
            Budget.of(Limit.BUFFERS_PER_SESSION, quota)),
        new SessionResources(store, session, quota, files),
        new SessionModels(store, session, quota, modelBytes),
        nanoClock,
        () -> gone(owner));
  }

  private void gone(String owner) {
    count.give(1);
    byPeer.give(owner);
  }

  private Duration granted(Optional<Duration> wanted) {
    Duration most = quota.time(Limit.LEASE_MAX);
    Duration lease = wanted.orElse(quota.time(Limit.LEASE));
    if (lease.isNegative() || lease.isZero()) {
      throw new VaccelException(Reason.ARGUMENT_INVALID, "lease must be positive, got " + lease)
          .with("field", "lease");
    }
    return lease.compareTo(most) > 0 ? most : lease;
  }

  private AgentSession owned(String id, Peer peer) {
    return Optional.ofNullable(sessions.get(id))
        .filter(session -> session.owner().equals(peer.owner()))
        .orElseThrow(Sessions::unknown);
  }

  /** Who can read the log must not be able to use the session: the first digits are enough. */
  static String shown(AgentSession session) {
    return session.id().substring(0, 8);
  }

  private static VaccelException unknown() {
    return new VaccelException(Reason.SESSION_NOT_FOUND, "no such session");
  }
}
