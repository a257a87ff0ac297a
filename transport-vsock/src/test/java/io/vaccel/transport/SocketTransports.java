package io.vaccel.transport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** The transports over sockets that need no virtual machine. */
final class SocketTransports {
  private SocketTransports() {}

  static TransportUnderTest unix(Path folder, EventLoops.Kind kind) throws Exception {
    long uid = ((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid")).longValue();
    Object gid = Files.getAttribute(Path.of("/proc/self"), "unix:gid");
    String text =
        "unix uid "
            + uid
            + " gid "
            + gid
            + (kind == EventLoops.Kind.EPOLL ? " pid " + ProcessHandle.current().pid() : "");
    return SocketTransport.local(
        new Endpoint.Unix(folder.resolve("s.sock").toString()),
        server(kind).build(),
        client(kind).build(),
        (owner, shown) -> owner.equals("unix:" + uid) && shown.equals(text),
        () -> {});
  }

  static TransportUnderTest tcp(EventLoops.Kind kind) {
    return SocketTransport.local(
        new Endpoint.Tcp("127.0.0.1", 0),
        server(kind).build(),
        client(kind).build(),
        (owner, shown) ->
            owner.equals("tcp:127.0.0.1") && shown.matches("tcp 127\\.0\\.0\\.1:\\d+"),
        () -> {});
  }

  static TransportUnderTest mutualTls(Path folder) throws Exception {
    Certificates certificates = Certificates.in(folder);
    return SocketTransport.local(
        new Endpoint.Tcp("127.0.0.1", 0),
        server(EventLoops.Kind.EPOLL).tls(certificates.server()).build(),
        client(EventLoops.Kind.EPOLL).tls(certificates.client()).build(),
        (owner, shown) ->
            owner.equals("tls:CN=guest-7,O=Tests")
                && shown.matches("tcp 127\\.0\\.0\\.1:\\d+ subject CN=guest-7,O=Tests"),
        () -> {});
  }

  static TransportUnderTest hybrid(Path folder) throws Exception {
    Endpoint.Hybrid endpoint = new Endpoint.Hybrid(folder.resolve("v.sock").toString(), 2048);
    VmmDouble vmm = VmmDouble.listen(endpoint, VmmDouble.Quirk.NONE);
    return SocketTransport.local(
        endpoint,
        server(EventLoops.Kind.EPOLL).build(),
        client(EventLoops.Kind.EPOLL).hybridTimeout(Duration.ofSeconds(20)).build(),
        (owner, shown) ->
            owner.equals("hybrid:" + endpoint.path()) && shown.equals("hybrid " + endpoint.path()),
        vmm);
  }

  private static ServerSettings.Builder server(EventLoops.Kind kind) {
    return ServerSettings.builder().eventLoops(EventLoops.open(kind, 2));
  }

  private static ChannelSettings.Builder client(EventLoops.Kind kind) {
    return ChannelSettings.builder().eventLoops(EventLoops.open(kind, 1));
  }
}
