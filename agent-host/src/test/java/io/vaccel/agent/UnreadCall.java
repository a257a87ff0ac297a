package io.vaccel.agent;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;

/** A call whose answer the client does not take before it is told to. */
final class UnreadCall<Q, R> extends ClientCall.Listener<R> {
  private final CompletableFuture<R> answer = new CompletableFuture<>();
  private final ClientCall<Q, R> call;

  private UnreadCall(ClientCall<Q, R> call) {
    this.call = call;
  }

  static <Q, R> UnreadCall<Q, R> start(Channel channel, MethodDescriptor<Q, R> method, Q request) {
    UnreadCall<Q, R> unread = new UnreadCall<>(channel.newCall(method, CallOptions.DEFAULT));
    unread.call.start(unread, new Metadata());
    unread.call.sendMessage(request);
    unread.call.halfClose();
    return unread;
  }

  /** Takes the answer. */
  void read() {
    call.request(2);
  }

  /** The answer, or the status that came in its place. */
  CompletableFuture<R> answer() {
    return answer;
  }

  @Override
  public void onMessage(R message) {
    answer.complete(message);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    answer.completeExceptionally(status.asRuntimeException());
  }
}
