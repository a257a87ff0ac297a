package io.vaccel.interop;

import io.vaccel.Vaccel;

/** {@link EveryFormat} as it is run within a guest VM, by {@link HybridVmIT}. */
final class VmGuestModels extends EveryFormat {
  @Override
  Vaccel open() {
    return VmGuest.open();
  }
}
