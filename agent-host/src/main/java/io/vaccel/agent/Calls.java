package io.vaccel.agent;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.StatusRuntimeException;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.transport.Peer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Lets calls in, or not, and knows which are under way: the quota of each peer, the deadline of
 * those that bring none, and the drain at the end. Safe for use by several threads.
 */
final class Calls implements AutoCloseable {
  private static final long LOOK_MILLIS = 200;

  private final Duration standardTime;
  private final Duration longestTime;
  private final PeerCount byPeer;
  private final Work work;
  private final Failures failures;
  private final ScheduledThreadPoolExecutor timer;
  private final Set<Rpc<?, ?>> running = ConcurrentHashMap.newKeySet();
  private final Object idle = new Object();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private volatile boolean aborted;

  Calls(Quota quota, Failures failures) {
    this.standardTime = quota.time(Limit.CALL_TIME);
    this.longestTime = quota.time(Limit.CALL_TIME_MAX);
    this.byPeer = new PeerCount(Limit.CALLS_PER_PEER, quota);
    this.work = new Work(quota);
    this.failures = failures;
    this.timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "vaccel-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Answers one request with one response. */
  interface Unary<Q, R> {
    /** The response; runs on a thread that may block. */
    R answer(Q request, CallScope scope);
  }

  /** A method that answers one request with one response. */
  <Q, R> ServerCallHandler<Decoded<Q>, R> unary(Unary<Q, R> answer) {
    return handler(false, (call, scope) -> new UnaryRpc<>(this, call, scope, answer));
  }

  /** The same for a method that only lets go of something: it is answered during the drain. */
  <Q, R> ServerCallHandler<Decoded<Q>, R> parting(Unary<Q, R> answer) {
    return handler(true, (call, scope) -> new UnaryRpc<>(this, call, scope, answer));
  }

  /** A method that takes a stream and answers it once; {@code receiver} makes its end of each. */
  <Q, R> ServerCallHandler<Decoded<Q>, R> receiving(
      Function<CallScope, ReceivingRpc.Receiver<Q, R>> receiver) {
    return handler(
        false, (call, scope) -> new ReceivingRpc<>(this, call, scope, receiver.apply(scope)));
  }

  /**
   * A method that answers one request with a stream: a part of the result of an earlier call, so it
   * is answered during the drain.
   */
  <Q, R> ServerCallHandler<Decoded<Q>, R> sending(SendingRpc.Opener<Q, R> opener) {
    return handler(true, (call, scope) -> new SendingRpc<>(this, call, scope, opener));
  }

  Work work() {
    return work;
  }

  Failures failures() {
    return failures;
  }

  /** Runs something regularly, as long as the agent lives. */
  void every(Duration period, Runnable task) {
    var unused =
        timer.scheduleWithFixedDelay(
            task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Calls under way. */
  int running() {
    return running.size();
  }

  /** Peers that have calls under way. */
  int peers() {
    return byPeer.peers();
  }

  /** Refuses all further calls; false when it did so already. */
  boolean stop() {
    return stopping.compareAndSet(false, true);
  }

  /**
   * Waits until no call is under way and {@code settled} holds, which is looked at after each call
   * and now and then; false when the time is over first.
   */
  boolean awaitIdle(Duration longest, BooleanSupplier settled) throws InterruptedException {
    long end = System.nanoTime() + longest.toNanos();
    synchronized (idle) {
      while (!running.isEmpty() || !settled.getAsBoolean()) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        idle.wait(Math.min(left, LOOK_MILLIS));
      }
    }
    return true;
  }

  /** Ends all calls with {@link Reason#AGENT_STOPPING}, and refuses whatever comes. */
  void abort() {
    aborted = true;
    running.forEach(rpc -> rpc.stop(stoppingError()));
  }

  @Override
  public void close() {
    timer.shutdownNow();
    work.close();
  }

  void left(Rpc<?, ?> rpc) {
    if (running.remove(rpc)) {
      byPeer.give(rpc.scope().peer().owner());
      synchronized (idle) {
        idle.notifyAll();
      }
    }
  }

  private <Q, R> ServerCallHandler<Decoded<Q>, R> handler(
      boolean duringDrain, BiFunction<ServerCall<Decoded<Q>, R>, CallScope, Rpc<Q, R>> maker) {
    return (call, headers) -> {
      try {
        if (aborted || (stopping.get() && !duringDrain)) {
          throw stoppingError();
        }
        return admit(call, maker);
      } catch (VaccelException e) {
        StatusRuntimeException status =
            failures.toStatus(e, call.getMethodDescriptor().getFullMethodName());
        call.close(status.getStatus(), Rpc.trailers(status));
        return new ServerCall.Listener<>() {};
      }
    };
  }

  private <Q, R> Rpc<Q, R> admit(
      ServerCall<Decoded<Q>, R> call,
      BiFunction<ServerCall<Decoded<Q>, R>, CallScope, Rpc<Q, R>> maker) {
    Peer peer = Peer.of(call.getAttributes());
    byPeer.take(peer.owner());
    Optional<Duration> asked =
        Optional.ofNullable(Context.current().getDeadline())
            .map(Calls::left)
            .filter(left -> left.compareTo(longestTime) < 0);
    Duration time =
        asked.orElse(Context.current().getDeadline() == null ? standardTime : longestTime);
    Rpc<Q, R> rpc = maker.apply(call, new CallScope(peer, time));
    running.add(rpc);
    if (asked.isEmpty()) {
      // With a deadline of its own gRPC ends the call in time; without, we must.
      rpc.watchedBy(schedule(rpc, time));
    }
    rpc.begin();
    return rpc;
  }

  private ScheduledFuture<?> schedule(Rpc<?, ?> rpc, Duration time) {
    return timer.schedule(
        () ->
            rpc.stop(
                new VaccelException(
                    Reason.DEADLINE_EXCEEDED, "no result within " + time.toMillis() + " ms")),
        time.toMillis(),
        TimeUnit.MILLISECONDS);
  }

  private static Duration left(Deadline deadline) {
    return Duration.ofNanos(Math.max(1, deadline.timeRemaining(TimeUnit.NANOSECONDS)));
  }

  private static VaccelException stoppingError() {
    return new VaccelException(Reason.AGENT_STOPPING, "the agent is stopping");
  }
}
