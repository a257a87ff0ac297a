package io.vaccel.interop;

import io.grpc.Server;
import io.grpc.stub.StreamObserver;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.ServerLimits;
import io.vaccel.transport.Servers;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.GetAgentInfoRequest;
import io.vaccel.v1.GetAgentInfoResponse;
import io.vaccel.v1.PluginInfo;
import java.io.IOException;

/** A server that says of itself what a test wants, or does not know {@code vaccel.v1} at all. */
final class FakeAgent implements AutoCloseable {
  private final Server server;

  private FakeAgent(Server server) {
    this.server = server;
  }

  /** An agent of another version of the software and of the protocol. */
  static FakeAgent ofVersion(Endpoint endpoint, String version, int protocol) throws IOException {
    GetAgentInfoResponse info =
        GetAgentInfoResponse.newBuilder()
            .setVersion(version)
            .setProtocolVersion(protocol)
            .addPlugins(
                PluginInfo.newBuilder().setName("new").setUsable(true).addOperations("noop"))
            .build();
    return new FakeAgent(
        Servers.builder(endpoint, ServerLimits.defaults())
            .addService(
                new AgentServiceGrpc.AgentServiceImplBase() {
                  @Override
                  public void getAgentInfo(
                      GetAgentInfoRequest request, StreamObserver<GetAgentInfoResponse> observer) {
                    observer.onNext(info);
                    observer.onCompleted();
                  }
                })
            .build()
            .start());
  }

  /** A gRPC server without any service. */
  static FakeAgent withoutServices(Endpoint endpoint) throws IOException {
    return new FakeAgent(Servers.builder(endpoint, ServerLimits.defaults()).build().start());
  }

  boolean isListening() {
    return !server.getListenSockets().isEmpty();
  }

  @Override
  public void close() {
    try {
      server.shutdownNow().awaitTermination();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
