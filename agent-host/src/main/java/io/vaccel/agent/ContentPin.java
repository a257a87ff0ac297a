package io.vaccel.agent;

import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** Keeps one content in the store until it is closed; closing twice does nothing. */
final class ContentPin implements AutoCloseable {
  private final Path path;
  private final Runnable unpin;
  private final AtomicBoolean closed = new AtomicBoolean();

  ContentPin(Path path, Runnable unpin) {
    this.path = path;
    this.unpin = unpin;
  }

  /** The verified file. */
  Path path() {
    return path;
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      unpin.run();
    }
  }
}
