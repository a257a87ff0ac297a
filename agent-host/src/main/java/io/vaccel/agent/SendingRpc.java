package io.vaccel.agent;

import io.grpc.ServerCall;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A call that answers one request with a stream, no faster than the caller takes it. */
final class SendingRpc<Q, R> extends Rpc<Q, R> {
  /** How much may wait in the transport before the stream pauses. */
  private static final int READY_BYTES = 1 << 20;

  private final Opener<Q, R> opener;
  private final AtomicBoolean pumping = new AtomicBoolean();
  private Optional<Decoded<Q>> request = Optional.empty();
  private Optional<Source<R>> source = Optional.empty();

  SendingRpc(Calls calls, ServerCall<Decoded<Q>, R> call, CallScope scope, Opener<Q, R> opener) {
    super(calls, call, scope);
    this.opener = opener;
  }

  /** Begins an answer. */
  interface Opener<Q, R> {
    /** What is to be sent; its resources end with the scope. */
    Source<R> open(Q request, CallScope scope);
  }

  /** The messages of an answer; used by one thread at a time. */
  interface Source<R> {
    /** The next message; empty after the last. */
    Optional<R> next();
  }

  @Override
  void begin() {
    call().setOnReadyThreshold(READY_BYTES);
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
    later(
        () -> {
          Q message =
              request
                  .orElseThrow(
                      () -> new VaccelException(Reason.ARGUMENT_INVALID, "no request came"))
                  .get();
          source = Optional.of(opener.open(message, scope()));
          sendHeaders();
          pump();
        });
  }

  @Override
  public void onReady() {
    if (pumping.compareAndSet(false, true)) {
      later(
          () -> {
            pumping.set(false);
            pump();
          });
    }
  }

  private void pump() {
    while (source.isPresent() && call().isReady()) {
      Optional<R> next = source.get().next();
      if (next.isEmpty()) {
        succeed();
        end();
        return;
      }
      send(next.get());
    }
  }
}
