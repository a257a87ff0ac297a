package io.vaccel;

/** What a resource is for (vAccel's LIB, DATA and MODEL). */
public enum ResourceKind {
  /** Shared libraries for {@code exec}; of several files all but the last are dependencies. */
  LIBRARY,
  /** Anything. */
  DATA,
  /** A model with the files beside it: metadata, labels, weights. */
  MODEL
}
