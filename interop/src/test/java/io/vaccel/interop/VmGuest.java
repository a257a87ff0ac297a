package io.vaccel.interop;

import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;

/** What runs only within a guest VM that a test has started. */
final class VmGuest {
  /** Names the agent's endpoint. */
  static final String AGENT = "VACCEL_TEST_AGENT";

  private VmGuest() {}

  /** A new guest of the agent. */
  static Vaccel open() {
    if (!"1".equals(System.getenv("IN_GUEST"))) {
      // On a machine that is itself virtual, this would reach the real hypervisor.
      throw new IllegalStateException("only in a guest that was started for the tests");
    }
    return RemoteContract.at(Endpoint.parse(System.getenv(AGENT)));
  }
}
