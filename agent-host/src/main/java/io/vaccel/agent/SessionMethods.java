package io.vaccel.agent;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.CloseSessionRequest;
import io.vaccel.v1.CloseSessionResponse;
import io.vaccel.v1.OpenSessionRequest;
import io.vaccel.v1.OpenSessionResponse;
import io.vaccel.v1.RenewSessionRequest;
import io.vaccel.v1.RenewSessionResponse;
import io.vaccel.v1.SessionServiceGrpc;
import io.vaccel.wire.Codec;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code SessionService}: opens, renews and closes sessions. */
final class SessionMethods {
  private static final Pattern CLIENT = Pattern.compile("[\\p{Graph} &&[^\"\\\\]]{0,100}");

  private final Sessions sessions;

  SessionMethods(Sessions sessions) {
    this.sessions = sessions;
  }

  void bind(Services services, Calls calls) {
    services.bind(SessionServiceGrpc.getOpenSessionMethod(), calls.unary(this::open));
    services.bind(SessionServiceGrpc.getRenewSessionMethod(), calls.unary(this::renew));
    services.bind(SessionServiceGrpc.getCloseSessionMethod(), calls.unary(this::close));
  }

  private OpenSessionResponse open(OpenSessionRequest request, CallScope scope) {
    if (!CLIENT.matcher(request.getClient()).matches()) {
      throw new VaccelException(
              Reason.ARGUMENT_INVALID, "client must be at most 100 printable ASCII characters")
          .with("field", "client");
    }
    Optional<Duration> lease =
        request.hasLease()
            ? Optional.of(Codec.decode("lease", request.getLease()))
            : Optional.empty();
    AgentSession session = sessions.open(scope.peer(), request.getClient(), lease);
    // A client that never learns the id could not close it, and would lose it from its quota.
    scope.onUndelivered(() -> sessions.close(session.id(), scope.peer()));
    return OpenSessionResponse.newBuilder()
        .setSessionId(session.id())
        .setLease(Codec.encode(session.lease()))
        .build();
  }

  private RenewSessionResponse renew(RenewSessionRequest request, CallScope scope) {
    AgentSession session = sessions.enter(request.getSessionId(), scope);
    return RenewSessionResponse.newBuilder().setLease(Codec.encode(session.lease())).build();
  }

  private CloseSessionResponse close(CloseSessionRequest request, CallScope scope) {
    sessions.close(request.getSessionId(), scope.peer());
    return CloseSessionResponse.getDefaultInstance();
  }
}
