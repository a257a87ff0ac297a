package io.vaccel.plugin.vsock;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.MethodDescriptor;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.vaccel.Cancellation;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Sends one gRPC call with the deadline and the cancellation of a {@link Call}, and tells its
 * failures in our terms; safe for use by several threads.
 */
final class Rpc {
  private final Connection connection;
  private final Failures failures;

  Rpc(Connection connection) {
    this.connection = connection;
    this.failures = new Failures(connection.endpoint());
  }

  /** Sends a request and waits for the response; an interrupt cancels the call. */
  <Q, R> R call(MethodDescriptor<Q, R> method, Q request, Call call) {
    call.check();
    connection.awaitReady(call);
    Departure departure = new Departure();
    CallOptions options = options(departure, call);
    Context.CancellableContext context = Context.current().withCancellation();
    Cancellation.Registration cancellation = cancelWith(call, context);
    Context previous = context.attach();
    try {
      return ClientCalls.blockingUnaryCall(connection.channel(), method, options, request);
    } catch (StatusRuntimeException e) {
      throw failures.of(e, departure.departed(), method, call);
    } finally {
      context.detach(previous);
      cancellation.close();
      context.close();
    }
  }

  /**
   * Sends a request without blocking, on a channel that is connected; one that is not makes the
   * call wait for it until the deadline. The future completes on a thread that may block.
   */
  <Q, R> CompletableFuture<R> send(MethodDescriptor<Q, R> method, Q request, Call call) {
    Departure departure = new Departure();
    CallOptions options = options(departure, call);
    Context outer = Context.current();
    Context.CancellableContext context = outer.withCancellation();
    Cancellation.Registration cancellation = cancelWith(call, context);
    CompletableFuture<R> result = new CompletableFuture<>();
    Context previous = context.attach();
    try {
      ClientCalls.asyncUnaryCall(
          connection.channel().newCall(method, options),
          request,
          new StreamObserver<R>() {
            private R response;

            @Override
            public void onNext(R value) {
              response = value;
            }

            @Override
            public void onError(Throwable failure) {
              VaccelException error = failures.of(failure, departure.departed(), method, call);
              end(() -> result.completeExceptionally(error));
            }

            @Override
            public void onCompleted() {
              end(() -> result.complete(response));
            }

            // What follows may make calls of its own, which must not inherit an ended context.
            private void end(Runnable completion) {
              cancellation.close();
              context.close();
              outer.run(completion);
            }
          });
    } finally {
      context.detach(previous);
    }
    return result;
  }

  /**
   * The same for what must outlive the call that happens to cause it: the agent forwards calls with
   * this plugin too, and gRPC ends what was begun within a call when that call ends.
   */
  <Q, R> CompletableFuture<R> sendAlone(MethodDescriptor<Q, R> method, Q request, Call call) {
    Context previous = Context.ROOT.attach();
    try {
      return send(method, request, call);
    } finally {
      Context.ROOT.detach(previous);
    }
  }

  /** What a thread does with an open stream; both ways block under back pressure. */
  interface StreamWork<Q, R, T> {
    T run(BlockingClientCall<Q, R> stream) throws InterruptedException, StatusException;
  }

  /** Opens a stream of one kind. */
  interface StreamOpener<Q, R> {
    BlockingClientCall<Q, R> open(Channel channel, CallOptions options);
  }

  /** Sends a stream of requests and returns what the agent answers to all of them. */
  <Q, R> R upload(MethodDescriptor<Q, R> method, StreamWork<Q, R, Void> writer, Call call) {
    return stream(
        method,
        (channel, options) -> ClientCalls.blockingClientStreamingCall(channel, method, options),
        stream -> {
          writer.run(stream);
          stream.halfClose();
          R response = stream.read();
          if (response == null) {
            throw new VaccelException(
                Reason.INTERNAL, "the agent ended " + method.getFullMethodName() + " unanswered");
          }
          // To leave now would cancel a call that the agent has not ended yet, and it would take
          // back what it answered.
          if (stream.read() != null) {
            throw new VaccelException(
                Reason.INTERNAL, "the agent answered " + method.getFullMethodName() + " twice");
          }
          return response;
        },
        call);
  }

  /** Sends a request and reads a stream of responses. */
  <Q, R, T> T download(
      MethodDescriptor<Q, R> method, Q request, StreamWork<Q, R, T> reader, Call call) {
    return stream(
        method,
        (channel, options) ->
            ClientCalls.blockingV2ServerStreamingCall(channel, method, options, request),
        reader,
        call);
  }

  private <Q, R, T> T stream(
      MethodDescriptor<Q, R> method,
      StreamOpener<Q, R> opener,
      StreamWork<Q, R, T> work,
      Call call) {
    call.check();
    connection.awaitReady(call);
    Departure departure = new Departure();
    CallOptions options = options(departure, call);
    Context.CancellableContext context = Context.current().withCancellation();
    Cancellation.Registration cancellation = cancelWith(call, context);
    Context previous = context.attach();
    try {
      return work.run(opener.open(connection.channel(), options));
    } catch (StatusException | StatusRuntimeException e) {
      throw failures.of(e, departure.departed(), method, call);
    } catch (InterruptedException e) {
      throw Waiting.interrupted(e);
    } finally {
      context.detach(previous);
      cancellation.close();
      // Ends a stream that was not read to its end.
      context.close();
    }
  }

  private static Cancellation.Registration cancelWith(
      Call call, Context.CancellableContext context) {
    return call.cancellation().onCancel(() -> context.cancel(null));
  }

  private static CallOptions options(Departure departure, Call call) {
    return CallOptions.DEFAULT
        .withDeadlineAfter(call.remaining().toNanos(), TimeUnit.NANOSECONDS)
        .withStreamTracerFactory(departure);
  }
}
