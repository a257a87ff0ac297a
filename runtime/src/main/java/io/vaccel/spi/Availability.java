package io.vaccel.spi;

import io.vaccel.Reason;

/** Whether a plugin can work now. */
public sealed interface Availability {
  /** It can. */
  record Usable() implements Availability {}

  /**
   * It cannot.
   *
   * @param reason why, in one line, and what would change it
   * @param error how a call fails that no other plugin can do either: {@link Reason#NO_PLUGIN}
   *     where something has to be added or changed, {@link Reason#AGENT_UNREACHABLE} or {@link
   *     Reason#AGENT_STOPPING} where the plugin would do it but for an agent that does not answer,
   *     {@link Reason#NOT_ALLOWED} where nobody has switched the plugin on
   */
  record Unusable(String reason, Reason error) implements Availability {
    /** Whether it could work if it were switched on. */
    public boolean isOff() {
      return error == Reason.NOT_ALLOWED;
    }
  }

  /** It can. */
  static Availability usable() {
    return new Usable();
  }

  /** It cannot, for this reason. */
  static Availability unusable(String reason) {
    return new Unusable(reason, Reason.NO_PLUGIN);
  }

  /** It is not switched on; the reason says how that is done. */
  static Availability off(String reason) {
    return new Unusable(reason, Reason.NOT_ALLOWED);
  }

  /** Whether it can. */
  default boolean isUsable() {
    return this instanceof Usable;
  }
}
