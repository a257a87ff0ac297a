package io.vaccel;

/** An operation's input that works with a loaded model. */
public interface ModelInput {
  /** The model; must belong to the session that performs the operation. */
  Model model();
}
