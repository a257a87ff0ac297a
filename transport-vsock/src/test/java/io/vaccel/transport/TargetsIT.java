package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Server;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gRPC's own way to make a channel, from a target string. */
class TargetsIT {
  private static final ChannelCredentials INSECURE = InsecureChannelCredentials.create();

  @TempDir private Path folder;
  private Server server;

  /** Calls a server through each of the ways in which gRPC takes a target. */
  static void assertAnswers(String target) {
    for (ManagedChannel channel :
        List.of(
            Grpc.newChannelBuilder(target, INSECURE).build(),
            ManagedChannelBuilder.forTarget(target).usePlaintext().build())) {
      try {
        assertThat(
                ClientCalls.blockingUnaryCall(
                    channel,
                    TestService.ECHO,
                    CallOptions.DEFAULT.withDeadlineAfter(40, TimeUnit.SECONDS),
                    new byte[] {42}))
            .containsExactly(42);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private Server start(Endpoint endpoint) throws Exception {
    server =
        Servers.builder(endpoint, ServerLimits.defaults())
            .addService(new TestService())
            .build()
            .start();
    return server;
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (server != null) {
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void hybridTarget_connects() throws Exception {
    Endpoint.Hybrid endpoint = new Endpoint.Hybrid(folder.resolve("v.sock").toString(), 2048);
    start(endpoint);
    try (VmmDouble vmm = VmmDouble.listen(endpoint, VmmDouble.Quirk.NONE)) {
      assertAnswers(endpoint.toString());
      assertThat(vmm.firstReads()).containsExactly("CONNECT 2048\n", "CONNECT 2048\n");
    }
  }

  @Test
  void unixTarget_connects() throws Exception {
    Endpoint endpoint = new Endpoint.Unix(folder.resolve("s.sock").toString());
    start(endpoint);
    assertAnswers(endpoint.toString());
    assertAnswers("unix://" + folder.resolve("s.sock"));
  }

  @Test
  void targetsOfGrpcItself_connectAsEver() throws Exception {
    int port = start(new Endpoint.Tcp("127.0.0.1", 0)).getPort();
    assertAnswers("127.0.0.1:" + port);
    assertAnswers("dns:///localhost:" + port);
    ManagedChannel channel =
        ManagedChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    assertThat(channel.authority()).isEqualTo("127.0.0.1:" + port);
    channel.shutdownNow();
  }

  @Test
  void vsockTarget_isUnderstood() {
    ManagedChannel channel = Grpc.newChannelBuilder("vsock:2:2048", INSECURE).build();
    assertThat(channel.authority()).isEqualTo("localhost"); // Never connected: see VsockGuest.
    channel.shutdownNow();
  }

  @Test
  void malformedTarget_isRefusedWithTextAndRule() {
    assertThatThrownBy(() -> Grpc.newChannelBuilder("vsock:two:2048", INSECURE).build())
        .hasMessageContaining("endpoint \"vsock:two:2048\": CID \"two\" is not a decimal number");
  }

  @Test
  void tlsOnVsock_isRefused() {
    assertThatThrownBy(() -> Grpc.newChannelBuilder("vsock:2:2048", TlsChannelCredentials.create()))
        .hasMessageContaining("takes InsecureChannelCredentials");
  }

  @Test
  void spellingsOfGrpc_areUnderstood() {
    assertThat(EndpointNameResolverProvider.endpoint(URI.create("unix:///run/s.sock")))
        .isEqualTo(new Endpoint.Unix("/run/s.sock"));
    assertThat(EndpointNameResolverProvider.endpoint(URI.create("hybrid:/run/a%20b/v.sock:1")))
        .isEqualTo(new Endpoint.Hybrid("/run/a b/v.sock", 1));
  }
}
