package io.vaccel.agent;

import io.grpc.ServerCall;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.Optional;

/** A call with one request and one response. */
final class UnaryRpc<Q, R> extends Rpc<Q, R> {
  private final Calls.Unary<Q, R> answer;
  private Optional<Decoded<Q>> request = Optional.empty();

  UnaryRpc(Calls calls, ServerCall<Decoded<Q>, R> call, CallScope scope, Calls.Unary<Q, R> answer) {
    super(calls, call, scope);
    this.answer = answer;
  }

  @Override
  void begin() {
    // One more than allowed, so that the end of the stream is noticed.
    call().request(2);
  }

  @Override
  public void onMessage(Decoded<Q> message) {
    if (request.isPresent()) {
      stop(new VaccelException(Reason.ARGUMENT_INVALID, "more than one request came"));
      return;
    }
    request = Optional.of(message);
  }

  @Override
  public void onHalfClose() {
    later(this::run);
  }

  private void run() {
    Q message =
        request
            .orElseThrow(() -> new VaccelException(Reason.ARGUMENT_INVALID, "no request came"))
            .get();
    if (!scope().cancellation().isCancelled()) {
      R response = answer.answer(message, scope());
      sendHeaders();
      send(response);
      succeed();
    }
    end();
  }
}
