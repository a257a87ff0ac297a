package io.vaccel.transport;

import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;

/** The contract on every transport that needs no virtual machine. */
class TransportsIT {

  @Nested
  class InProcess extends TransportContract {
    @Override
    TransportUnderTest open(Path folder) {
      return new InProcessTransport("transport-contract");
    }
  }

  @Nested
  class UnixOnEpoll extends TransportContract {
    @Override
    TransportUnderTest open(Path folder) throws Exception {
      return SocketTransports.unix(folder, EventLoops.Kind.EPOLL);
    }
  }

  @Nested
  class UnixOnNio extends TransportContract {
    @Override
    TransportUnderTest open(Path folder) throws Exception {
      return SocketTransports.unix(folder, EventLoops.Kind.NIO);
    }
  }

  @Nested
  class TcpOnEpoll extends TransportContract {
    @Override
    TransportUnderTest open(Path folder) {
      return SocketTransports.tcp(EventLoops.Kind.EPOLL);
    }
  }

  @Nested
  class MutualTls extends TransportContract {
    @Override
    TransportUnderTest open(Path folder) throws Exception {
      return SocketTransports.mutualTls(folder);
    }

    /** The JDK's ciphers take seconds to warm up. */
    @Override
    int bulkBytes() {
      return 8 << 20;
    }

    @Override
    int cycles() {
      return 2_000;
    }
  }

  @Nested
  class HybridThroughVmm extends TransportContract {
    @Override
    TransportUnderTest open(Path folder) throws Exception {
      return SocketTransports.hybrid(folder);
    }
  }

  /** gRPC's in-process transport, as the baseline. */
  private static final class InProcessTransport implements TransportUnderTest, ServersUnderTest {
    private final String name;
    private final List<Started> started = new ArrayList<>();

    InProcessTransport(String name) {
      this.name = name;
    }

    @Override
    public ServersUnderTest servers() {
      return this;
    }

    @Override
    public Started start(ServerLimits limits) throws IOException {
      PeerAttributes peers = new PeerAttributes();
      TestService service = new TestService();
      Server server =
          InProcessServerBuilder.forName(name)
              .maxInboundMessageSize(limits.maxInboundMessageBytes())
              .addTransportFilter(peers)
              .intercept(peers)
              .addService(service)
              .build()
              .start();
      Started running = new LocalServers.Running(server, service);
      started.add(running);
      return running;
    }

    @Override
    public void crash() {
      throw new UnsupportedOperationException("it is this process");
    }

    @Override
    public int descriptors() {
      return 0;
    }

    @Override
    public ManagedChannel channel() {
      return InProcessChannelBuilder.forName(name).build();
    }

    @Override
    public boolean isExpected(String owner, String text) {
      return owner.equals("in-process") && text.equals("in-process");
    }

    @Override
    public Optional<Endpoint> endpoint() {
      return Optional.empty();
    }

    @Override
    public ChannelSettings settings() {
      return ChannelSettings.defaults();
    }

    @Override
    public void close() {
      started.forEach(Started::stop);
    }
  }
}
