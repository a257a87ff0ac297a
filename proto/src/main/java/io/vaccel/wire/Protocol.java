package io.vaccel.wire;

/** The version of the wire contract that this code was made with. */
public final class Protocol {
  /**
   * {@code GetAgentInfoResponse.protocol_version}: counted up when something is added to {@code
   * vaccel.v1} after a release. Sides of different versions work together; what only one of them
   * knows is not used, or refused.
   */
  public static final int VERSION = 1;

  private Protocol() {}
}
