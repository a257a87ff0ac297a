package io.vaccel.agent;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vaccel.VaccelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Future;

/**
 * One call from its admission to its end: its steps run one after another on {@link Work}, it is
 * answered once, and at the end everything it held is let go of, whoever ended it.
 *
 * @param <Q> request message
 * @param <R> response message
 */
abstract class Rpc<Q, R> extends ServerCall.Listener<Decoded<Q>> {
  private final Calls calls;
  private final ServerCall<Decoded<Q>, R> call;
  private final CallScope scope;
  private final Deque<Runnable> steps = new ArrayDeque<>();
  private final Object answering = new Object();
  private boolean stepping;
  private boolean answered;
  private volatile boolean ended;
  private volatile Optional<Future<?>> watch = Optional.empty();

  Rpc(Calls calls, ServerCall<Decoded<Q>, R> call, CallScope scope) {
    this.calls = calls;
    this.call = call;
    this.scope = scope;
  }

  /** Asks for the first messages. */
  abstract void begin();

  /** Lets go of what this kind of call holds beside its scope. */
  void release() {}

  final CallScope scope() {
    return scope;
  }

  final ServerCall<Decoded<Q>, R> call() {
    return call;
  }

  /** Something that must not outlive the call. */
  final void watchedBy(Future<?> timer) {
    watch = Optional.of(timer);
  }

  /** Runs a step on a thread that may block, after the steps before it. */
  final void later(Runnable step) {
    if (ended) {
      return;
    }
    synchronized (steps) {
      steps.add(step);
      if (stepping) {
        return;
      }
      stepping = true;
    }
    try {
      calls.work().execute(this::runSteps);
    } catch (VaccelException e) {
      // No step runs now, so this thread may end the call; the flag stays up and nothing runs any
      // more.
      fail(e);
      end();
    }
  }

  /** Sends one of the response's messages. */
  final void send(R message) {
    synchronized (answering) {
      if (!answered) {
        call.sendMessage(message);
      }
    }
  }

  /** Sends the headers, which must come before the first message. */
  final void sendHeaders() {
    synchronized (answering) {
      if (!answered) {
        call.sendHeaders(new Metadata());
      }
    }
  }

  /** Ends the answer well. */
  final void succeed() {
    synchronized (answering) {
      if (!answered && !call.isCancelled()) {
        answered = true;
        call.close(Status.OK, new Metadata());
        scope.delivered();
      }
    }
  }

  /** Answers with an error, unless there is an answer already. */
  final void fail(Throwable failure) {
    StatusRuntimeException status =
        calls.failures().toStatus(failure, call.getMethodDescriptor().getFullMethodName());
    synchronized (answering) {
      if (!answered) {
        answered = true;
        call.close(status.getStatus(), trailers(status));
      }
    }
  }

  /** Answers with an error and cancels what runs; from any thread. */
  final void stop(VaccelException why) {
    fail(why);
    scope.cancellation().cancel();
    later(this::end);
  }

  /** Lets go of everything; only in a step, or when none can run. */
  final void end() {
    if (ended) {
      return;
    }
    ended = true;
    watch.ifPresent(timer -> timer.cancel(false));
    try {
      release();
    } finally {
      try {
        scope.close();
      } finally {
        calls.left(this);
      }
    }
  }

  @Override
  public void onCancel() {
    scope.cancellation().cancel();
    later(this::end);
  }

  @Override
  public void onComplete() {
    later(this::end);
  }

  static Metadata trailers(StatusRuntimeException status) {
    return Optional.ofNullable(status.getTrailers()).orElseGet(Metadata::new);
  }

  // A stack that overflows in a hostile request ends this call and nothing else.
  @SuppressWarnings("CatchThrowable")
  private void runSteps() {
    while (true) {
      Runnable step;
      synchronized (steps) {
        step = steps.poll();
        if (step == null) {
          stepping = false;
          return;
        }
      }
      if (!ended) {
        try {
          step.run();
        } catch (Throwable t) {
          fail(t);
          end();
        }
      }
    }
  }
}
