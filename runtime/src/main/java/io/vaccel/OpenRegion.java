package io.vaccel;

/** A part of the application's work that is being measured; see {@link Session#region}. */
public interface OpenRegion extends AutoCloseable {
  /** Ends it. */
  @Override
  void close();
}
