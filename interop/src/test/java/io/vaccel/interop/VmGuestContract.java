package io.vaccel.interop;

import io.vaccel.Vaccel;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/**
 * The contract as it is run within a guest VM whose agent is in the same VM, by {@link
 * LoopbackVmIT}. User-Mode Linux of Debian 12 has no Landlock, so its agent offers no exec.
 */
@TestInstance(Lifecycle.PER_CLASS)
final class VmGuestContract implements RemoteContract {
  @Override
  public Vaccel open() {
    return VmGuest.open();
  }
}
