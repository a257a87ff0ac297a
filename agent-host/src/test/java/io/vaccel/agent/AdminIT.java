package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
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

  private static List<String> services(ManagedChannel channel) {
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
    requests.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
    requests.onCompleted();
    return TestClient.get(response).getListServicesResponse().getServiceList().stream()
        .map(ServiceResponse::getName)
        .toList();
  }
}
