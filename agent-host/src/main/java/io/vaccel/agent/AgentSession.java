package io.vaccel.agent;

import io.vaccel.Cancellation;
import io.vaccel.Session;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one peer holds at the agent under one id: a session of the runtime with its resources,
 * models and buffers, and a lease. Safe for use by several threads.
 *
 * <p>When it ends, running calls are cancelled; everything is freed when the last of them is back.
 */
final class AgentSession {
  private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);

  private final String id;
  private final String owner;
  private final Duration lease;
  private final Session session;
  private final SessionBuffers buffers;
  private final SessionResources resources;
  private final SessionModels models;
  private final LongSupplier nanoClock;
  private final Cancellation ended = new Cancellation();
  private final Usage usage;
  private volatile long usedNanos;

  AgentSession(
      String id,
      String owner,
      Duration lease,
      Session session,
      SessionBuffers buffers,
      SessionResources resources,
      SessionModels models,
      LongSupplier nanoClock,
      Runnable onFreed) {
    this.id = id;
    this.owner = owner;
    this.lease = lease;
    this.session = session;
    this.buffers = buffers;
    this.resources = resources;
    this.models = models;
    this.nanoClock = nanoClock;
    this.usage = new Usage(() -> free(onFreed));
    this.usedNanos = nanoClock.getAsLong();
  }

  String id() {
    return id;
  }

  /** Whose it is; see {@link io.vaccel.transport.Peer#owner}. */
  String owner() {
    return owner;
  }

  Duration lease() {
    return lease;
  }

  /** The runtime's session. */
  Session session() {
    return session;
  }

  SessionBuffers buffers() {
    return buffers;
  }

  SessionResources resources() {
    return resources;
  }

  SessionModels models() {
    return models;
  }

  /** Lets a call in, which keeps the session until it ends; false when the session has ended. */
  boolean enter(CallScope scope) {
    if (!usage.enter()) {
      return false;
    }
    Cancellation.Registration cancelled = ended.onCancel(scope.cancellation()::cancel);
    scope.onEnd(
        () -> {
          cancelled.close();
          usedNanos = nanoClock.getAsLong();
          usage.exit();
        });
    return true;
  }

  /** Ends the session and cancels its calls. */
  void end() {
    if (usage.end()) {
      ended.cancel();
    }
  }

  /** Ends the session if no call runs and none has come for the length of the lease. */
  boolean endIfLeasePassed() {
    boolean passed = nanoClock.getAsLong() - usedNanos > lease.toNanos();
    return passed && usage.endIfIdle();
  }

  private void free(Runnable onFreed) {
    try {
      models.close();
      resources.close();
      buffers.close();
      session.close();
    } catch (RuntimeException | LinkageError e) {
      LOG.error("freeing a session failed session={}", id, e);
    } finally {
      onFreed.run();
    }
  }
}
