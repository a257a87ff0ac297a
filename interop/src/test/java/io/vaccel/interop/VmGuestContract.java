package io.vaccel.interop;

import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The contract as it is run within a guest VM, by {@link LoopbackVmIT} and {@link HybridVmIT}, and
 * nowhere else; the environment names the agent's endpoint.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class VmGuestContract implements RemoteContract {
  static final String AGENT = "VACCEL_TEST_AGENT";

  @Override
  public Vaccel open() {
    if (!"1".equals(System.getenv("IN_GUEST"))) {
      // On a machine that is itself virtual, this would reach the real hypervisor.
      throw new IllegalStateException("only in a guest that was started for the tests");
    }
    return RemoteContract.at(Endpoint.parse(System.getenv(AGENT)));
  }
}
