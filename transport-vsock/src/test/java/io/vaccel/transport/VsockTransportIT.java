package io.vaccel.transport;

import java.nio.file.Path;
import java.util.Set;

/** The contract on real AF_VSOCK, through the loopback transport of a guest's kernel. */
class VsockTransportIT extends TransportContract {

  @Override
  TransportUnderTest open(Path folder) {
    VsockGuest.assumeLoopback();
    return SocketTransport.local(
        new Endpoint.Vsock(Endpoint.CID_LOCAL, 2048),
        ServerSettings.builder()
            .eventLoops(EventLoops.open(EventLoops.Kind.EPOLL, 1))
            .socketBufferBytes(1 << 20)
            .allowedReservedCids(Set.of(Endpoint.CID_LOCAL))
            .build(),
        ChannelSettings.builder()
            .eventLoops(EventLoops.open(EventLoops.Kind.EPOLL, 1))
            .socketBufferBytes(1 << 20)
            .build(),
        (owner, shown) -> owner.equals("vsock:1") && shown.equals("vsock cid 1"),
        () -> {});
  }

  /** The guest is emulated. */
  @Override
  int slowness() {
    return 3;
  }

  @Override
  int bulkBytes() {
    return 4 << 20;
  }

  @Override
  int cycles() {
    return 200;
  }
}
