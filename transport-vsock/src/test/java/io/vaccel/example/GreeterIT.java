package io.vaccel.example;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.vaccel.transport.Availability;
import io.vaccel.transport.Channels;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.EventLoops;
import io.vaccel.transport.Peer;
import io.vaccel.transport.ServerLimits;
import io.vaccel.transport.Servers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program of somebody else: it has gRPC-Java and this library, nothing else of the project, and
 * sees public types only.
 */
class GreeterIT {
  private static final MethodDescriptor<String, String> GREET =
      MethodDescriptor.<String, String>newBuilder()
          .setFullMethodName("example.Greeter/Greet")
          .setType(MethodDescriptor.MethodType.UNARY)
          .setRequestMarshaller(new Text())
          .setResponseMarshaller(new Text())
          .build();

  @TempDir Path folder;

  @Test
  void serverAndClient_needNothingElse() throws Exception {
    Endpoint endpoint = Endpoint.parse("unix:" + folder.resolve("greeter.sock"));
    assertThat(Availability.toListen(endpoint, EventLoops.shared()))
        .isInstanceOf(Availability.Available.class);
    Server server =
        Servers.builder(endpoint, ServerLimits.defaults()).addService(greeter()).build().start();
    ManagedChannel byEndpoint = Channels.open(endpoint);
    ManagedChannel byTarget =
        Grpc.newChannelBuilder(endpoint.toString(), InsecureChannelCredentials.create()).build();
    try {
      assertThat(greet(byEndpoint)).startsWith("hello unix uid ");
      assertThat(greet(byTarget)).startsWith("hello unix uid ");
    } finally {
      byEndpoint.shutdownNow();
      byTarget.shutdownNow();
      server.shutdownNow().awaitTermination();
    }
  }

  private static ServerServiceDefinition greeter() {
    return ServerServiceDefinition.builder("example.Greeter")
        .addMethod(
            GREET,
            ServerCalls.asyncUnaryCall(
                (greeting, answer) -> {
                  answer.onNext(greeting + " " + Peer.current());
                  answer.onCompleted();
                }))
        .build();
  }

  private static String greet(Channel channel) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
    return ClientCalls.blockingUnaryCall(channel, GREET, options, "hello");
  }

  private static final class Text implements MethodDescriptor.Marshaller<String> {
    @Override
    public InputStream stream(String value) {
      return new ByteArrayInputStream(value.getBytes(UTF_8));
    }

    @Override
    public String parse(InputStream stream) {
      try {
        return new String(stream.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
