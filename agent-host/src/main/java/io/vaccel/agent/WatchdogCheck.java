package io.vaccel.agent;

import io.vaccel.program.doctor.Check;
import io.vaccel.program.doctor.Finding;
import io.vaccel.transport.Availability;
import io.vaccel.transport.Endpoint;
import java.util.List;

/**
 * Whether the agent would notice that the kernel resets everybody who connects to a vsock listener,
 * as Linux before 7.0.9 can: for that it connects to itself.
 */
final class WatchdogCheck implements Check {
  private static final String WHAT = "watchdog";
  private static final String MODULE = "vsock_loopback";

  private final Endpoint.Vsock listener;
  private final Availability loopback;

  /** A check of a listener, on a machine that has this loopback transport, or lacks it. */
  WatchdogCheck(Endpoint.Vsock listener, Availability loopback) {
    this.listener = listener;
    this.loopback = loopback;
  }

  @Override
  public List<Finding> findings() {
    if (listener.cid() != Endpoint.CID_ANY && listener.cid() != Endpoint.CID_LOCAL) {
      return List.of(
          Finding.note(
              WHAT,
              listener + " is not probed: the agent cannot connect to it from here",
              "listen on all CIDs of this machine: --listen vsock:any:" + listener.port()));
    }
    return List.of(
        loopback instanceof Availability.Available
            ? Finding.ok(WHAT, listener + " is probed through " + MODULE)
            : Finding.note(
                WHAT,
                listener
                    + " is not probed, because the module "
                    + MODULE
                    + " is not loaded: should the kernel stop to let guests in, as Linux before"
                    + " 7.0.9 can, nothing opens the listener again",
                "sudo modprobe " + MODULE,
                "at each boot: echo "
                    + MODULE
                    + " | sudo tee /etc/modules-load.d/"
                    + MODULE
                    + ".conf"));
  }
}
