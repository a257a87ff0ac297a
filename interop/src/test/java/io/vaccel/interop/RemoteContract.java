package io.vaccel.interop;

import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.contract.ArrayContract;
import io.vaccel.contract.BlasContract;
import io.vaccel.contract.EchoContract;
import io.vaccel.contract.ExecContract;
import io.vaccel.contract.GenericContract;
import io.vaccel.contract.GenericExecContract;
import io.vaccel.contract.GenericPictureContract;
import io.vaccel.contract.ModelContract;
import io.vaccel.contract.OpenClContract;
import io.vaccel.contract.OpenCvContract;
import io.vaccel.contract.PictureContract;
import io.vaccel.plugin.vsock.VsockPluginProvider;
import io.vaccel.transport.Endpoint;
import java.time.Duration;

/**
 * All that the plugins of an agent promise, as one contract for whatever leads to the agent; {@link
 * WithExec} is the whole of it.
 */
interface RemoteContract
    extends EchoContract,
        ModelContract,
        PictureContract,
        BlasContract,
        ArrayContract,
        GenericContract,
        GenericPictureContract,
        OpenClContract,
        OpenCvContract {

  /** With the calls of functions, for which the agent's kernel must have Landlock. */
  interface WithExec extends RemoteContract, ExecContract, GenericExecContract {}

  /** Calls that a contract makes at once at the most: more than an agent lets a stranger make. */
  long CALLS_AT_ONCE = 256;

  /** A new guest of the agent at this endpoint. */
  static Vaccel at(Endpoint endpoint) {
    return guest(endpoint).load();
  }

  /**
   * The same, not made yet. It is patient: an agent's first answer and the first model of an engine
   * load libraries of up to 600 MB, and the machine may be busy or emulated.
   */
  static Vaccel.Builder guest(Endpoint endpoint) {
    return Vaccel.builder()
        .set(Settings.PLUGINS, VsockPluginProvider.NAME)
        .set(Settings.RPC_ADDRESS, endpoint.toString())
        .set("VACCEL_RPC_CONNECT_TIMEOUT_MILLIS", "300000")
        .timeout(Duration.ofMinutes(4));
  }

  /** A new guest of the agent in this process that has this name; to errors it is {@code place}. */
  static Vaccel inProcess(String name, Endpoint place) {
    ManagedChannel channel = InProcessChannelBuilder.forName(name).build();
    return Vaccel.builder()
        .plugin(VsockPluginProvider.over(channel, place, Settings.ofEnvironment()))
        .load();
  }
}
