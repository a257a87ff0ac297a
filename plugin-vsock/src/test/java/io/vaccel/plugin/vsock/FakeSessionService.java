package io.vaccel.plugin.vsock;

import com.google.protobuf.Duration;
import io.grpc.stub.StreamObserver;
import io.vaccel.v1.CloseSessionRequest;
import io.vaccel.v1.CloseSessionResponse;
import io.vaccel.v1.OpenSessionRequest;
import io.vaccel.v1.OpenSessionResponse;
import io.vaccel.v1.RenewSessionRequest;
import io.vaccel.v1.RenewSessionResponse;
import io.vaccel.v1.SessionServiceGrpc;

/** A fake agent's sessions; leases are granted as asked for. */
final class FakeSessionService extends SessionServiceGrpc.SessionServiceImplBase {
  private final FakeSessions sessions;

  FakeSessionService(FakeSessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void openSession(
      OpenSessionRequest request, StreamObserver<OpenSessionResponse> observer) {
    Duration lease =
        request.hasLease() ? request.getLease() : Duration.newBuilder().setSeconds(60).build();
    Answers.with(
        observer,
        () ->
            OpenSessionResponse.newBuilder()
                .setSessionId(sessions.open().id)
                .setLease(lease)
                .build());
  }

  @Override
  public void renewSession(
      RenewSessionRequest request, StreamObserver<RenewSessionResponse> observer) {
    Answers.with(
        observer,
        () -> {
          sessions.get(request.getSessionId());
          return RenewSessionResponse.getDefaultInstance();
        });
  }

  @Override
  public void closeSession(
      CloseSessionRequest request, StreamObserver<CloseSessionResponse> observer) {
    Answers.with(
        observer,
        () -> {
          sessions.end(request.getSessionId());
          return CloseSessionResponse.getDefaultInstance();
        });
  }
}
