package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.ClientCalls;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gRPC's own way to make a channel, from a target string. */
class TargetsIT {
  private static final ChannelCredentials INSECURE = InsecureChannelCredentials.create();

  @TempDir private Path folder;

  private static byte[] echo(ManagedChannel channel) {
    return ClientCalls.blockingUnaryCall(
        channel, TestService.ECHO, CallOptions.DEFAULT, new byte[] {42});
  }

  @Test
  void hybridTarget_connects() throws Exception {
    Endpoint.Hybrid endpoint = new Endpoint.Hybrid(folder.resolve("v.sock").toString(), 2048);
    Server server =
        Servers.builder(endpoint, ServerLimits.defaults())
            .addService(new TestService())
            .build()
            .start();
    ManagedChannel channel = Grpc.newChannelBuilder(endpoint.toString(), INSECURE).build();
    try (VmmDouble vmm = VmmDouble.listen(endpoint, VmmDouble.Quirk.NONE)) {
      assertThat(echo(channel)).containsExactly(42);
      assertThat(vmm.firstReads()).containsExactly("CONNECT 2048\n");
    } finally {
      channel.shutdownNow();
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void unixTarget_connects() throws Exception {
    Endpoint endpoint = new Endpoint.Unix(folder.resolve("s.sock").toString());
    Server server =
        Servers.builder(endpoint, ServerLimits.defaults())
            .addService(new TestService())
            .build()
            .start();
    ManagedChannel channel = Grpc.newChannelBuilder(endpoint.toString(), INSECURE).build();
    try {
      assertThat(echo(channel)).containsExactly(42);
    } finally {
      channel.shutdownNow();
      server.shutdownNow().awaitTermination();
    }
  }

  @Test
  void targetWithoutScheme_isStillAHostAndPort() throws Exception {
    Server server =
        Servers.builder(new Endpoint.Tcp("127.0.0.1", 0), ServerLimits.defaults())
            .addService(new TestService())
            .build()
            .start();
    ManagedChannel channel =
        Grpc.newChannelBuilder("127.0.0.1:" + server.getPort(), INSECURE).build();
    try {
      assertThat(echo(channel)).containsExactly(42);
    } finally {
      channel.shutdownNow();
      server.shutdownNow().awaitTermination();
    }
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
