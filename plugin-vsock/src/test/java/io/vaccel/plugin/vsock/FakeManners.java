package io.vaccel.plugin.vsock;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import io.vaccel.VaccelException;
import io.vaccel.wire.WireErrors;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What a fake agent does with calls instead of answering them, by the bare name of the method, once
 * for each that is told; it also counts them.
 */
final class FakeManners implements ServerInterceptor {
  private final Map<String, Deque<Manner>> next = new ConcurrentHashMap<>();
  private final List<String> calls = new CopyOnWriteArrayList<>();

  /** What happens to one call. */
  private sealed interface Manner {}

  /** It is held until the caller gives up, or for good. */
  private record Stall(CompletableFuture<Void> begun, CompletableFuture<Void> ended)
      implements Manner {}

  /** It fails so. */
  private record Fail(StatusRuntimeException status) implements Manner {}

  /** This happens first; then it is answered. */
  private record First(Runnable action) implements Manner {}

  /** A call that is held. */
  record Stalled(CompletableFuture<Void> begun, CompletableFuture<Void> ended) {}

  /** Holds the next call of this method. */
  Stalled stall(String method) {
    Stall stall = new Stall(new CompletableFuture<>(), new CompletableFuture<>());
    add(method, stall);
    return new Stalled(stall.begun(), stall.ended());
  }

  /** Fails the next call of this method. */
  void fail(String method, VaccelException error) {
    fail(method, WireErrors.toStatus(error));
  }

  void fail(String method, StatusRuntimeException status) {
    add(method, new Fail(status));
  }

  /** Does something before the next call of this method. */
  void before(String method, Runnable action) {
    add(method, new First(action));
  }

  /** How often a method was called. */
  long count(String method) {
    return calls.stream().filter(method::equals).count();
  }

  private void add(String method, Manner manner) {
    Deque<Manner> manners = next.computeIfAbsent(method, unused -> new ArrayDeque<>());
    synchronized (manners) {
      manners.add(manner);
    }
  }

  private Manner take(String method) {
    Deque<Manner> manners = next.getOrDefault(method, new ArrayDeque<>());
    synchronized (manners) {
      return manners.isEmpty() ? new First(() -> {}) : manners.poll();
    }
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> handler) {
    String method = call.getMethodDescriptor().getBareMethodName();
    calls.add(method);
    Manner manner = take(method);
    if (manner instanceof Stall stall) {
      stall.begun().complete(null);
      call.request(1);
      return new ServerCall.Listener<>() {
        @Override
        public void onCancel() {
          stall.ended().complete(null);
        }
      };
    }
    if (manner instanceof Fail fail) {
      Metadata trailers =
          fail.status().getTrailers() == null ? new Metadata() : fail.status().getTrailers();
      call.close(fail.status().getStatus(), trailers);
      return new ServerCall.Listener<>() {};
    }
    if (manner instanceof First first) {
      first.action().run();
    }
    return new SimpleForwardingServerCallListener<>(handler.startCall(call, headers)) {};
  }
}
