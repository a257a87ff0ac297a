package io.vaccel.transport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Whether the tests run in a guest that was started for them. Nowhere else may a test connect over
 * AF_VSOCK: on a machine that is itself virtual, it would reach the real hypervisor.
 */
final class VsockGuest {
  private VsockGuest() {}

  static void assumeLoopback() {
    assumeTrue(
        "1".equals(System.getenv("IN_GUEST")) && "1".equals(System.getenv("VACCEL_TEST_VSOCK")),
        "needs AF_VSOCK in a guest of its own: run in one with the module vsock_loopback, with IN_GUEST=1 and"
            + " VACCEL_TEST_VSOCK=1");
  }

  static void assumeGuest() {
    assumeTrue(
        "1".equals(System.getenv("IN_GUEST")),
        "needs AF_VSOCK in a guest of its own, started for this test with IN_GUEST=1");
  }
}
