package io.vaccel.program.doctor;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vaccel.transport.Bootstraps;
import io.vaccel.transport.ChannelSettings;
import io.vaccel.transport.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether somebody answers at the endpoint that the user named: connects there, and sends nothing.
 */
public final class ReachCheck implements Check {
  private static final String WHAT = "agent";

  private final Endpoint endpoint;
  private final Duration timeout;

  /** A check that waits at most this long for a connection. */
  public ReachCheck(Endpoint endpoint, Duration timeout) {
    this.endpoint = endpoint;
    this.timeout = timeout;
  }

  @Override
  public List<Finding> findings() {
    try {
      ChannelFuture connect =
          Bootstraps.client(
                  endpoint,
                  ChannelSettings.builder().connectTimeout(timeout).hybridTimeout(timeout).build())
              .handler(new ChannelInboundHandlerAdapter())
              .connect()
              .awaitUninterruptibly();
      connect.channel().close().awaitUninterruptibly();
      return List.of(
          connect.isSuccess()
              ? Finding.ok(WHAT, "somebody listens on " + endpoint)
              : failure(String.valueOf(connect.cause().getMessage())));
    } catch (IllegalArgumentException | IllegalStateException e) {
      return List.of(Finding.problem(WHAT, String.valueOf(e.getMessage())));
    }
  }

  private static Path folder(String path) {
    return Path.of(path).toAbsolutePath().getParent();
  }

  /** What to say of an endpoint that leads to this machine when it does not work. */
  static List<String> wrongCid(Endpoint.Vsock endpoint) {
    return endpoint.cid() == Endpoint.CID_LOCAL
        ? List.of(
            "CID 1 is this machine itself; the host is CID 2: --agent vsock:2:" + endpoint.port())
        : List.of();
  }

  private Finding failure(String reason) {
    List<String> advice = new ArrayList<>();
    if (reason.contains("permission denied") && endpoint instanceof Endpoint.Hybrid hybrid) {
      advice.add(
          "the socket is the VMM's; let this user in: sudo setfacl -m u:$USER:rw " + hybrid.path());
      advice.add("and into its folder: ls -ld " + folder(hybrid.path()));
    } else if (reason.contains("permission denied") && endpoint instanceof Endpoint.Unix unix) {
      advice.add(
          "the agent may let you in: vaccel-agent --socket-mode rw-rw---- --socket-group GROUP");
      advice.add("you must get into its folder, too: ls -ld " + folder(unix.path()));
    } else if (endpoint instanceof Endpoint.Vsock vsock && vsock.cid() == Endpoint.CID_LOCAL) {
      advice.addAll(wrongCid(vsock));
      advice.add(
          "if the agent is to be on this machine, too: vaccel-agent --listen vsock:any:"
              + vsock.port()
              + " --allow-cid 1");
    } else if (endpoint instanceof Endpoint.Vsock vsock && vsock.cid() > Endpoint.CID_HOST) {
      advice.add(
          "in the guest with CID "
              + vsock.cid()
              + ": vaccel-agent --listen vsock:any:"
              + vsock.port());
    } else if (endpoint instanceof Endpoint.Vsock vsock) {
      advice.add("on the host: vaccel-agent --listen vsock:any:" + vsock.port());
      advice.add(
          "under Firecracker or Cloud Hypervisor, on the host: vaccel-agent --listen"
              + " hybrid:PATH:"
              + vsock.port());
    } else if (endpoint instanceof Endpoint.Hybrid hybrid) {
      advice.add("is the VM running, and is its vsock device at " + hybrid.path() + "?");
      advice.add("in the guest, something must listen on vsock port " + hybrid.port());
    } else if (endpoint instanceof Endpoint.Unix) {
      advice.add("on the agent's machine: vaccel-agent --listen " + endpoint);
      advice.add("in a guest: vaccel-guest forward --listen " + endpoint + " --agent vsock:2:2048");
    } else {
      advice.add("vaccel-agent --listen " + endpoint);
    }
    return new Finding(WHAT, Finding.State.PROBLEM, reason, advice);
  }
}
