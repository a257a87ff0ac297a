package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.PluginSession;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * The operations of a {@link Session} without blocking; safe for use by several threads.
 *
 * <p>Each method returns at once. The future completes with the result or with a {@link
 * VaccelException}, never later than its deadline by much; cancelling the future cancels the call.
 */
public final class AsyncSession {
  private final Session session;

  AsyncSession(Session session) {
    this.session = session;
  }

  /** As {@link Session#load(ModelSpec, CallOptions)}. */
  public CompletableFuture<Model> load(ModelSpec spec, CallOptions options) {
    return onExecutor(() -> session.load(spec, options));
  }

  /** As {@link Session#noop}. */
  public CompletableFuture<Noop.Done> noop() {
    return submit(Operations.NOOP, new Noop(), session.defaults());
  }

  /** As {@link Session#echo}. */
  public CompletableFuture<Echo.Reply> echo(List<Tensor> tensors) {
    return submit(Operations.ECHO, new Echo(tensors), session.defaults());
  }

  /** As {@link Session#run}. */
  public CompletableFuture<ModelRun.Outputs> run(Model model, List<Tensor> inputs) {
    return submit(Operations.MODEL_RUN, new ModelRun(model, inputs, List.of()), session.defaults());
  }

  /** As {@link Session#classify}. */
  public CompletableFuture<Classification> classify(Model model, Image image) {
    return submit(
        Operations.IMAGE_CLASSIFY,
        new Classify(model, image, Classify.DEFAULT_TOP),
        session.defaults());
  }

  /** As {@link Session#call(Operation, Object, CallOptions)}. */
  public <I, O extends Result> CompletableFuture<O> submit(
      Operation<I, O> operation, I input, CallOptions options) {
    Cancellation own = new Cancellation();
    Cancellation.Registration outer = options.cancellation().onCancel(own::cancel);
    CallOptions cancellable = options.with(own);
    CompletableFuture<O> result = start(operation, input, cancellable);
    var unused =
        result.whenComplete(
            (value, error) -> {
              outer.close();
              if (result.isCancelled()) {
                own.cancel();
              }
            });
    return result;
  }

  private <I, O extends Result> CompletableFuture<O> start(
      Operation<I, O> operation, I input, CallOptions options) {
    try {
      session.checkOwner(input);
      Call call = session.start(options);
      Optional<PluginLane> lane = session.dispatcher().firstReady(operation, input);
      Optional<PluginSession> ready = lane.flatMap(first -> first.ready(input));
      if (ready.isEmpty()) {
        return onExecutor(() -> session.dispatcher().perform(operation, input, call));
      }
      CompletableFuture<O> result = new CompletableFuture<>();
      var unused =
          ready
              .get()
              .submit(operation, input, call)
              .whenComplete(
                  (value, error) -> {
                    if (error == null) {
                      result.complete(value);
                    } else {
                      failOrMoveOn(operation, input, call, lane.get(), unwrap(error), result);
                    }
                  });
      return result;
    } catch (VaccelException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private <I, O extends Result> void failOrMoveOn(
      Operation<I, O> operation,
      I input,
      Call call,
      PluginLane lane,
      Throwable error,
      CompletableFuture<O> result) {
    if (error instanceof VaccelException known && Dispatcher.movesOn(known, operation)) {
      // The blocking way asks every plugin again, this one included: it may have come back.
      var unused =
          onExecutor(() -> session.dispatcher().perform(operation, input, call))
              .whenComplete(
                  (value, failure) -> {
                    if (failure == null) {
                      result.complete(value);
                    } else {
                      result.completeExceptionally(unwrap(failure));
                    }
                  });
      return;
    }
    result.completeExceptionally(Dispatcher.placed(error, operation.name(), lane));
  }

  private <T> CompletableFuture<T> onExecutor(Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      session
          .executor()
          .execute(
              () -> {
                try {
                  result.complete(work.get());
                } catch (RuntimeException | LinkageError e) {
                  result.completeExceptionally(e);
                }
              });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(Call.tooManyWaiting(e));
    }
    return result;
  }

  private static Throwable unwrap(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
