package io.vaccel.agent;

import io.grpc.ServerCall;
import java.util.Optional;

/**
 * A call that takes a stream of requests and answers once. A few messages are taken ahead of the
 * one that is worked on, so that the network does not pause; no more, so that memory is bounded.
 */
final class ReceivingRpc<Q, R> extends Rpc<Q, R> {
  private static final int AHEAD = 3;

  private final Receiver<Q, R> receiver;

  ReceivingRpc(
      Calls calls, ServerCall<Decoded<Q>, R> call, CallScope scope, Receiver<Q, R> receiver) {
    super(calls, call, scope);
    this.receiver = receiver;
  }

  /** What is done with the stream; used by one thread at a time. */
  interface Receiver<Q, R> extends AutoCloseable {
    /** Takes a message; the response when no more are needed. */
    Optional<R> message(Q message);

    /** The response after the last message. */
    R finish();

    /** The call is over, however it ended. */
    @Override
    void close();
  }

  @Override
  void begin() {
    call().request(AHEAD);
  }

  @Override
  public void onMessage(Decoded<Q> message) {
    later(
        () -> {
          Optional<R> response = receiver.message(message.get());
          if (response.isPresent()) {
            answer(response.get());
          } else {
            call().request(1);
          }
        });
  }

  @Override
  public void onHalfClose() {
    later(() -> answer(receiver.finish()));
  }

  @Override
  void release() {
    receiver.close();
  }

  private void answer(R response) {
    sendHeaders();
    send(response);
    succeed();
    end();
  }
}
