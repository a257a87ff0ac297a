package io.vaccel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A model that a session has loaded; belongs to that session and ends with it; safe for use by
 * several threads.
 *
 * <p>It holds what to load rather than one engine's copy: when a call has to go to another plugin
 * (the agent is gone, the local CPU takes over), the session loads it there first.
 */
public final class Model implements AutoCloseable {
  private static final AtomicLong NEXT_ID = new AtomicLong();

  private final long id = NEXT_ID.incrementAndGet();
  private final Session session;
  private final ModelSpec spec;
  private volatile LoadedModel loaded;
  private volatile boolean closed;

  Model(Session session, ModelSpec spec) {
    this.session = session;
    this.spec = spec;
  }

  /** Files and format. */
  public ModelSpec spec() {
    return spec;
  }

  /** Inputs and outputs, as the engine that loaded the model first reported them. */
  public Signature signature() {
    return loaded.signature();
  }

  /** How the first loading went: where, how long, how many bytes were sent. */
  public LoadedModel loaded() {
    return loaded;
  }

  void loaded(LoadedModel first) {
    loaded = first;
  }

  Session session() {
    return session;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Unloads it everywhere; calls that use it at that moment are finished first. Closing twice does
   * nothing.
   */
  @Override
  public void close() {
    closed = true;
    session.unload(this);
  }

  @Override
  public String toString() {
    return "model " + id + " " + spec.resource().main().name();
  }
}
