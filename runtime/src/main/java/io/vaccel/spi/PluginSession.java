package io.vaccel.spi;

import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operation;
import io.vaccel.Profile;
import io.vaccel.RegisteredResource;
import io.vaccel.Result;
import io.vaccel.VaccelException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;

/**
 * One owner's part of a plugin; safe for use by several threads.
 *
 * <p>The runtime keeps the order: a model reaches {@link #perform} only between a successful {@link
 * #load} and its {@link #unload}, and nothing comes after {@link #close}. Neither of the two comes
 * while a call that uses the model, or the session, has not returned or its future is not complete;
 * such calls are cancelled when the session closes. All failures are {@link VaccelException}s.
 */
public interface PluginSession extends AutoCloseable {
  /**
   * Makes a model ready. Called at most once for a model until it is unloaded.
   *
   * @param model the key under which later calls name it
   * @param spec files and format; the format is one of the plugin's {@link Capabilities#formats}
   * @param call deadline and cancellation
   */
  LoadedModel load(Model model, ModelSpec spec, Call call);

  /** Frees what {@link #load} took. */
  void unload(Model model);

  /**
   * Frees what the plugin keeps of a resource that the session has unregistered. Calls that use it
   * may still be under way; none starts afterwards. By default there is nothing to free.
   */
  default void unregister(RegisteredResource resource) {}

  /** Performs one of the plugin's operations on the calling thread and returns its result. */
  <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call);

  /**
   * The same without blocking the caller. A plugin whose work waits for somebody else overrides
   * this; by default it runs on the call's executor.
   */
  default <I, O extends Result> CompletableFuture<O> submit(
      Operation<I, O> operation, I input, Call call) {
    try {
      return CompletableFuture.supplyAsync(() -> perform(operation, input, call), call.executor());
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(Call.tooManyWaiting(e));
    }
  }

  /**
   * What was measured for this session in other processes, with paths as seen from here. A plugin
   * that forwards overrides this.
   */
  default Optional<Profile> profile(Call call) {
    return Optional.empty();
  }

  /** Frees everything that this session holds. */
  @Override
  void close();
}
