package io.vaccel.program.doctor;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.vaccel.transport.Bootstraps;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerSettings;
import io.vaccel.transport.TlsSettings;
import java.nio.file.Path;
import java.util.List;

/** Whether a server could listen on an endpoint now: listens there for an instant. */
public final class ListenCheck implements Check {
  private final Endpoint endpoint;
  private final ServerSettings settings;

  /** A check for a listener with these settings. */
  public ListenCheck(Endpoint endpoint, ServerSettings settings) {
    this.endpoint = endpoint;
    this.settings = settings;
  }

  @Override
  public List<Finding> findings() {
    String what = "listener";
    boolean file = endpoint instanceof Endpoint.Unix || endpoint instanceof Endpoint.Hybrid;
    if (file && settings.socketMode().replaceAll(".(.).", "$1").equals("---")) {
      return List.of(
          Finding.problem(
              what,
              endpoint + ": the mode " + settings.socketMode() + " lets nobody in",
              "connecting takes write permission: --socket-mode rw-------"));
    }
    try {
      settings.tls().ifPresent(TlsSettings::requireServer);
    } catch (IllegalArgumentException e) {
      return List.of(
          Finding.problem(
              what,
              endpoint + ": " + e.getMessage(),
              "TLS needs PEM files; the key is PKCS#8 without a password"));
    }
    try {
      ChannelFuture bound =
          Bootstraps.server(endpoint, settings)
              .childHandler(new ChannelInboundHandlerAdapter())
              .bind()
              .awaitUninterruptibly();
      bound.channel().close().awaitUninterruptibly();
      return List.of(
          bound.isSuccess()
              ? Finding.ok(what, "can listen on " + endpoint)
              : failure(what, String.valueOf(bound.cause().getMessage())));
    } catch (IllegalArgumentException | IllegalStateException e) {
      return List.of(failure(what, String.valueOf(e.getMessage())));
    }
  }

  private String permission() {
    if (endpoint instanceof Endpoint.Tcp) {
      return "ports below 1024 are for root: choose another";
    }
    String path =
        endpoint instanceof Endpoint.Hybrid hybrid
            ? hybrid.serverPath()
            : ((Endpoint.Unix) endpoint).path();
    return "the agent's user must be able to write in its folder: ls -ld "
        + Path.of(path).toAbsolutePath().getParent();
  }

  private Finding failure(String what, String reason) {
    String found = reason.contains(endpoint.toString()) ? reason : endpoint + ": " + reason;
    if (reason.toLowerCase(java.util.Locale.ROOT).contains("in use")) {
      return Finding.problem(
          what,
          found,
          "if that is the agent, all is well; otherwise find it: ss -xlp, ss -tlp, ss --vsock -lp");
    }
    if (reason.contains("Permission denied")) {
      return Finding.problem(what, found, permission());
    }
    if (reason.contains("no folder")) {
      return Finding.problem(what, found, "mkdir -p its folder, readable by the VMM's user");
    }
    if (reason.contains("no socket")) {
      return Finding.problem(what, found, "remove it, or choose another path");
    }
    return Finding.problem(what, found);
  }
}
