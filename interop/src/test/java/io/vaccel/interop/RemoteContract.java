package io.vaccel.interop;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.contract.ArrayContract;
import io.vaccel.contract.BlasContract;
import io.vaccel.contract.EchoContract;
import io.vaccel.contract.GenericContract;
import io.vaccel.contract.GenericPictureContract;
import io.vaccel.contract.ModelContract;
import io.vaccel.contract.OpenCvContract;
import io.vaccel.contract.PictureContract;
import io.vaccel.plugin.vsock.VsockPluginProvider;
import io.vaccel.transport.Endpoint;

/** All that the plugins of an agent promise, as one contract for whatever leads to the agent. */
interface RemoteContract
    extends EchoContract,
        ModelContract,
        PictureContract,
        BlasContract,
        ArrayContract,
        GenericContract,
        GenericPictureContract,
        OpenCvContract {

  /** Calls that a contract makes at once at the most: more than an agent lets a stranger make. */
  long CALLS_AT_ONCE = 256;

  /** A new guest of the agent at this endpoint. */
  static Vaccel at(Endpoint endpoint) {
    return Vaccel.builder()
        .set(Settings.PLUGINS, VsockPluginProvider.NAME)
        .set(Settings.RPC_ADDRESS, endpoint.toString())
        .load();
  }
}
