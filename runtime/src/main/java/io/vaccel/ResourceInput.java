package io.vaccel;

/** An operation's input that works with a registered resource. */
public interface ResourceInput {
  /** The resource; must belong to the session that performs the operation. */
  RegisteredResource resource();
}
