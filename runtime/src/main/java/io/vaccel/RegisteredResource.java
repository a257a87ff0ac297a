package io.vaccel;

/**
 * A resource that a session has registered; belongs to that session and ends with it; safe for use
 * by several threads.
 *
 * <p>Registering sends nothing: a plugin that needs the files elsewhere brings them there when the
 * first operation uses them, and keeps them until the resource is unregistered.
 */
public final class RegisteredResource implements AutoCloseable {
  private final long id;
  private final Session session;
  private volatile Resource content;
  private volatile boolean closed;

  RegisteredResource(long id, Session session, Resource content) {
    this.id = id;
    this.session = session;
    this.content = content;
  }

  /** The number by which generic calls name it: positive, unique in its session. */
  public long id() {
    return id;
  }

  /** Its files, as they were when they were last read. */
  public Resource content() {
    return content;
  }

  /**
   * Reads its files again, in memory and on disk. Calls that start afterwards use what they are
   * now, of which only changed files travel.
   *
   * @return whether anything has changed
   */
  public boolean sync() {
    Resource before = content;
    content = before.sync();
    return !content.equals(before);
  }

  Session session() {
    return session;
  }

  boolean isClosed() {
    return closed;
  }

  /** Unregisters it; calls that use it at that moment are finished first. Twice does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      session.unregister(this);
    }
  }

  @Override
  public String toString() {
    return "resource " + id + " " + content.main().name();
  }
}
