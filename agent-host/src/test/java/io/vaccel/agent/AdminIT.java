package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminIT {
  @TempDir Path directory;

  @Test
  void reflection_isForTheOperatorOnly() throws Exception {
    Endpoint admin = Endpoint.parse("unix:" + directory.resolve("admin.sock"));
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.admin(admin));
        TestClient operator = new TestClient(admin)) {
      assertThat(services(operator.channel))
          .contains("vaccel.v1.SessionService", "grpc.health.v1.Health");
      operator.noop(operator.openSession());
      assertThatThrownBy(() -> services(running.client().channel))
          .isInstanceOfSatisfying(
              StatusRuntimeException.class,
              status ->
                  assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"vsock:any:2048", "hybrid:/run/vm.sock:2048", "tcp:0.0.0.0:1", "tcp:10.0.0.1:1"})
  void placeThatOthersReach_isNoAdminEndpoint(String endpoint) {
    try (Vaccel runtime = Vaccel.builder().plugin(new FakePlugin()).load()) {
      Agent.Builder builder = Agent.builder(runtime, directory);
      assertThatThrownBy(() -> builder.admin(Endpoint.parse(endpoint)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(endpoint);
    }
  }

  /** What grpcurl and its like do: they know nothing but the address. */
  @Test
  void reflectionAlone_isEnoughToMakeACall() throws Exception {
    Endpoint admin = Endpoint.parse("unix:" + directory.resolve("admin.sock"));
    try (RunningAgent running = RunningAgent.start(directory, agent -> agent.admin(admin));
        TestClient operator = new TestClient(admin)) {
      assertThat(running.agent.endpoints()).contains(admin);
      ServiceDescriptor service = service(operator.channel, "vaccel.v1.AgentService");
      MethodDescriptor method = service.findMethodByName("GetAgentInfo");
      DynamicMessage answer = call(operator.channel, method);
      Message limits = (Message) answer.getField(field(answer, "limits"));
      assertThat((String) answer.getField(field(answer, "peer"))).startsWith("unix uid ");
      assertThat(limits.getField(field(limits, "max_sessions")))
          .isEqualTo((int) Limit.SESSIONS_PER_PEER.standard());
    }
  }

  private static FieldDescriptor field(Message message, String name) {
    return message.getDescriptorForType().findFieldByName(name);
  }

  private static DynamicMessage call(ManagedChannel channel, MethodDescriptor method) {
    return ClientCalls.blockingUnaryCall(
        channel,
        io.grpc.MethodDescriptor.<DynamicMessage, DynamicMessage>newBuilder()
            .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(method.getService().getFullName() + "/" + method.getName())
            .setRequestMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getInputType())))
            .setResponseMarshaller(
                ProtoUtils.marshaller(DynamicMessage.getDefaultInstance(method.getOutputType())))
            .build(),
        CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
        DynamicMessage.getDefaultInstance(method.getInputType()));
  }

  private static ServiceDescriptor service(ManagedChannel channel, String name) throws Exception {
    Map<String, FileDescriptorProto> files = new HashMap<>();
    for (ByteString file :
        ask(channel, ServerReflectionRequest.newBuilder().setFileContainingSymbol(name).build())
            .getFileDescriptorResponse()
            .getFileDescriptorProtoList()) {
      FileDescriptorProto proto = FileDescriptorProto.parseFrom(file);
      files.put(proto.getName(), proto);
    }
    for (String file : files.keySet()) {
      for (ServiceDescriptor service : link(file, files).getServices()) {
        if (service.getFullName().equals(name)) {
          return service;
        }
      }
    }
    throw new AssertionError("no service " + name + " in " + files.keySet());
  }

  private static FileDescriptor link(String name, Map<String, FileDescriptorProto> files)
      throws DescriptorValidationException {
    FileDescriptorProto proto = files.get(name);
    FileDescriptor[] imports = new FileDescriptor[proto.getDependencyCount()];
    for (int i = 0; i < imports.length; i++) {
      imports[i] = link(proto.getDependency(i), files);
    }
    return FileDescriptor.buildFrom(proto, imports);
  }

  private static List<String> services(ManagedChannel channel) {
    return ask(channel, ServerReflectionRequest.newBuilder().setListServices("").build())
        .getListServicesResponse()
        .getServiceList()
        .stream()
        .map(ServiceResponse::getName)
        .toList();
  }

  private static ServerReflectionResponse ask(
      ManagedChannel channel, ServerReflectionRequest request) {
    CompletableFuture<ServerReflectionResponse> response = new CompletableFuture<>();
    StreamObserver<ServerReflectionRequest> requests =
        ServerReflectionGrpc.newStub(channel)
            .serverReflectionInfo(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerReflectionResponse value) {
                    response.complete(value);
                  }

                  @Override
                  public void onError(Throwable failure) {
                    response.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {}
                });
    requests.onNext(request);
    requests.onCompleted();
    return TestClient.get(response);
  }
}
