package io.vaccel;

import io.vaccel.spi.Call;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operations of a {@link Session} without blocking; safe for use by several threads.
 *
 * <p>Each method returns at once. The future completes with the result or with a {@link
 * VaccelException}, at the latest shortly after its deadline; cancelling the future cancels the
 * call. What is chained to a future may run on a plugin's own thread, so it must not block there;
 * use the {@code Async} methods of {@link CompletableFuture} for such work.
 */
public final class AsyncSession {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncSession.class);

  /** What a plugin gets beyond the deadline or the cancellation to report it in its own words. */
  private static final Duration GRACE = Duration.ofMillis(200);

  private static final Executor AFTER_GRACE =
      CompletableFuture.delayedExecutor(GRACE.toMillis(), TimeUnit.MILLISECONDS);

  private final Session session;

  AsyncSession(Session session) {
    this.session = session;
  }

  /** As {@link Session#load(ModelSpec, CallOptions)}. */
  public CompletableFuture<Model> load(ModelSpec spec, CallOptions options) {
    return launch(
        "model.load",
        () -> session.start("model.load", options),
        (call, result) ->
            onExecutor(
                "model.load",
                result,
                () -> {
                  Model model = session.load(spec, call);
                  if (!result.complete(model)) {
                    model.close();
                  }
                }),
        // The caller has cancelled: nobody else would close it.
        Model::close);
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

  /** As {@link Session#sgemm}. */
  public CompletableFuture<Sgemm.Product> sgemm(Sgemm input) {
    return submit(Operations.BLAS_SGEMM, input, session.defaults());
  }

  /** As {@link Session#detect}. */
  public CompletableFuture<Detections> detect(Model model, Image image) {
    return submit(Operations.IMAGE_DETECT, new Detect(model, image), session.defaults());
  }

  /** As {@link Session#segment}. */
  public CompletableFuture<Segmentation> segment(Model model, Image image) {
    return submit(Operations.IMAGE_SEGMENT, new Segment(model, image), session.defaults());
  }

  /** As {@link Session#pose}. */
  public CompletableFuture<Poses> pose(Model model, Image image) {
    return submit(Operations.IMAGE_POSE, new EstimatePose(model, image), session.defaults());
  }

  /** As {@link Session#depth}. */
  public CompletableFuture<DepthMap> depth(Model model, Image image) {
    return submit(Operations.IMAGE_DEPTH, new EstimateDepth(model, image), session.defaults());
  }

  /** As {@link Session#call(Operation, Object, CallOptions)}. */
  public <I, O extends Result> CompletableFuture<O> submit(
      Operation<I, O> operation, I input, CallOptions options) {
    long start = session.profiler().start();
    return launch(
        operation.name(),
        () -> session.start(operation, input, options),
        (call, result) -> start(operation, input, call, measured(operation, start, result)),
        value -> {});
  }

  /** A future whose result is measured before {@code result} gets it. */
  private <O extends Result> CompletableFuture<O> measured(
      Operation<?, O> operation, long startNanos, CompletableFuture<O> result) {
    if (!session.profiler().isEnabled()) {
      return result;
    }
    CompletableFuture<O> watched = new CompletableFuture<>();
    var unused =
        watched.whenComplete(
            (value, error) -> {
              if (error == null) {
                session.profiler().measured(operation, startNanos, value);
                result.complete(value);
              } else {
                result.completeExceptionally(error);
              }
            });
    return watched;
  }

  /**
   * Starts a call whose outcome {@code work} puts into the future that it is given. The caller gets
   * another one, completed when everything that the call held is given back.
   */
  private static <T> CompletableFuture<T> launch(
      String operation,
      Supplier<CallScope> opener,
      BiConsumer<Call, CompletableFuture<T>> work,
      Consumer<T> discard) {
    CompletableFuture<T> result = new CompletableFuture<>();
    CallScope scope;
    try {
      scope = opener.get();
    } catch (VaccelException e) {
      result.completeExceptionally(e);
      return result;
    }
    CompletableFuture<T> outcome = new CompletableFuture<>();
    Cancellation.Registration late =
        scope.call().onStop(() -> AFTER_GRACE.execute(() -> giveUp(operation, scope, outcome)));
    var unused =
        outcome.whenComplete(
            (value, error) -> {
              late.close();
              scope.close();
              if (error != null) {
                result.completeExceptionally(error);
              } else if (!result.complete(value)) {
                discard.accept(value);
              }
            });
    var unusedToo =
        result.whenComplete(
            (value, error) -> {
              if (error != null) {
                // Cancelled or completed by the caller; otherwise the call is over already.
                scope.cancel();
              }
            });
    work.accept(scope.call(), outcome);
    return result;
  }

  private static void giveUp(String operation, CallScope scope, CompletableFuture<?> result) {
    try {
      scope.call().check();
    } catch (VaccelException e) {
      result.completeExceptionally(e.during(operation));
    }
  }

  private <I, O extends Result> void start(
      Operation<I, O> operation, I input, Call call, CompletableFuture<O> result) {
    Optional<PluginLane.Use> ready = session.dispatcher().firstReady(operation, input);
    if (ready.isEmpty()) {
      onExecutor(
          operation.name(),
          result,
          () -> result.complete(session.dispatcher().perform(operation, input, call)));
      return;
    }
    PluginLane.Use use = ready.get();
    CompletableFuture<O> submitted;
    try {
      submitted = use.session().submit(operation, input, call);
    } catch (RuntimeException | LinkageError e) {
      submitted = CompletableFuture.failedFuture(e);
    }
    var unused =
        submitted.whenComplete(
            (value, error) -> {
              use.close();
              if (error == null) {
                result.complete(value);
              } else {
                failOrMoveOn(operation, input, call, use.lane(), unwrap(error), result);
              }
            });
  }

  private <I, O extends Result> void failOrMoveOn(
      Operation<I, O> operation,
      I input,
      Call call,
      PluginLane lane,
      Throwable error,
      CompletableFuture<O> result) {
    VaccelException placed = Dispatcher.placed(error, operation.name(), lane);
    if (error instanceof VaccelException && Dispatcher.movesOn(placed, operation)) {
      onExecutor(
          operation.name(),
          result,
          () ->
              result.complete(
                  session.dispatcher().performAfter(lane, placed, operation, input, call)));
    } else {
      result.completeExceptionally(placed);
    }
  }

  private void onExecutor(String operation, CompletableFuture<?> result, Runnable work) {
    try {
      session.executor().execute(() -> runInto(operation, result, work));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(Call.tooManyWaiting(e).during(operation));
    }
  }

  private static void runInto(String operation, CompletableFuture<?> result, Runnable work) {
    try {
      work.run();
    } catch (VaccelException e) {
      result.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      LOG.error("{} failed unexpectedly", operation, e);
      result.completeExceptionally(
          new VaccelException(Reason.INTERNAL, "failed unexpectedly", e).during(operation));
    }
  }

  private static Throwable unwrap(Throwable error) {
    return error instanceof CompletionException && error.getCause() != null
        ? error.getCause()
        : error;
  }
}
