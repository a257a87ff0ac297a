package io.vaccel.interop;

import io.vaccel.Vaccel;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The whole contract as it is run within a guest VM, by {@link HybridVmIT}. */
@TestInstance(Lifecycle.PER_CLASS)
final class VmGuestWholeContract implements RemoteContract.WithExec {
  @Override
  public Vaccel open() {
    return VmGuest.open();
  }
}
