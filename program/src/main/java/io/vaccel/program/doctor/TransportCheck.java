package io.vaccel.program.doctor;

import io.vaccel.transport.Availability;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.EventLoops;
import java.util.ArrayList;
import java.util.List;

/** Whether this machine can have a socket of an endpoint's kind at all; connects nowhere. */
public final class TransportCheck implements Check {
  private static final String WHAT = "transport";

  private final Endpoint endpoint;
  private final EventLoops loops;
  private final boolean listens;

  private TransportCheck(Endpoint endpoint, EventLoops loops, boolean listens) {
    this.endpoint = endpoint;
    this.loops = loops;
    this.listens = listens;
  }

  /** For a client of this endpoint. */
  public static TransportCheck toConnect(Endpoint endpoint, EventLoops loops) {
    return new TransportCheck(endpoint, loops, false);
  }

  /** For a server on this endpoint. */
  public static TransportCheck toListen(Endpoint endpoint, EventLoops loops) {
    return new TransportCheck(endpoint, loops, true);
  }

  @Override
  public List<Finding> findings() {
    if (loops.kind() == EventLoops.Kind.NIO && endpoint instanceof Endpoint.Vsock) {
      return List.of(
          Finding.problem(
              WHAT,
              loops.describe(),
              "use a JDK for glibc on x86_64 or aarch64, and a java.io.tmpdir that is not mounted"
                  + " noexec"));
    }
    List<Finding> findings = new ArrayList<>();
    if (!listens && endpoint instanceof Endpoint.Vsock vsock && vsock.cid() > Endpoint.CID_HOST) {
      findings.add(
          Finding.note(
              WHAT,
              "CID " + vsock.cid() + " is another guest's: a guest reaches its host only, as CID 2",
              "in a guest: --agent vsock:2:" + vsock.port()));
    }
    findings.add(availability());
    return findings;
  }

  private Finding availability() {
    Availability availability =
        listens ? Availability.toListen(endpoint, loops) : Availability.toConnect(endpoint, loops);
    if (availability instanceof Availability.Unavailable no
        && listens
        && endpoint instanceof Endpoint.Vsock vsock
        && isGuests(vsock)) {
      return Finding.problem(
          WHAT,
          endpoint + " is on the CID of a guest: " + no.reason(),
          "an agent listens on all CIDs of its machine: --listen vsock:any:" + vsock.port());
    }
    if (availability instanceof Availability.Unavailable no) {
      List<String> advice = new ArrayList<>(advice(no.reason()));
      if (!listens && endpoint instanceof Endpoint.Vsock vsock) {
        advice.addAll(ReachCheck.wrongCid(vsock));
      }
      return new Finding(WHAT, Finding.State.PROBLEM, no.reason(), advice);
    }
    return Finding.ok(WHAT, ((Availability.Available) availability).how());
  }

  private static boolean isGuests(Endpoint.Vsock vsock) {
    return vsock.cid() > Endpoint.CID_HOST && vsock.cid() != Endpoint.CID_ANY;
  }

  private static List<String> advice(String reason) {
    if (reason.contains("seccomp")) {
      return List.of(
          "in Docker: --security-opt seccomp=FILE, a profile that allows socket() of AF_VSOCK");
    }
    return List.of("vsock_loopback", "vmw_vsock_virtio_transport", "vhost_vsock", "vsock").stream()
        .filter(reason::contains)
        .findFirst()
        .map(module -> List.of("sudo modprobe " + module))
        .orElse(List.of());
  }
}
