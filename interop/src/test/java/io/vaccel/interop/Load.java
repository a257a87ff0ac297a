package io.vaccel.interop;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Clients that call again and again, each in a thread of its own, until this is closed. A client
 * that ends with an exception fails the waits of the test at once.
 *
 * @param <E> the codes of their errors
 */
final class Load<E> implements AutoCloseable {
  private static final long LONG_ENOUGH_SECONDS = 600;

  /** One of them; used by one thread. */
  interface Client<E> extends AutoCloseable {
    /** Calls once. Returns the error, or empty when the result is as it should be. */
    Optional<E> call() throws Exception;

    @Override
    void close();
  }

  private final Set<E> errors = ConcurrentHashMap.newKeySet();
  private final Map<E, CompletableFuture<Void>> nextErrors = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> broken = new CompletableFuture<>();
  private final Thread[] threads;
  private volatile Round round;
  private volatile boolean stopping;

  /** Starts {@code count} clients, each of which is opened in its own thread. */
  Load(int count, Callable<? extends Client<E>> client) {
    threads = new Thread[count];
    round = new Round(count);
    for (int i = 0; i < count; i++) {
      int number = i;
      threads[i] = new Thread(() -> work(number, client), "client-" + i);
      threads[i].start();
    }
  }

  /** The errors that were seen so far. */
  Set<E> errors() {
    return Set.copyOf(errors);
  }

  /** Waits until each client has had the result of a call that began after this. */
  void awaitResults() throws InterruptedException {
    Round now = new Round(threads.length);
    round = now;
    await(now.complete, "a result for each client");
  }

  /** Is complete as soon as a client has this error once more. */
  CompletableFuture<Void> nextError(E code) {
    CompletableFuture<Void> next = new CompletableFuture<>();
    nextErrors.put(code, next);
    return next;
  }

  /** Waits for {@link #nextError}. */
  void await(CompletableFuture<Void> error) throws InterruptedException {
    await(error, "the error that is expected");
  }

  private void await(CompletableFuture<Void> event, String what) throws InterruptedException {
    try {
      CompletableFuture.anyOf(event, broken).get(LONG_ENOUGH_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError("a client broke while the test waited for " + what, e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("not seen: " + what + "; errors so far: " + errors, e);
    }
  }

  private void work(int number, Callable<? extends Client<E>> open) {
    try (Client<E> client = open.call()) {
      while (!stopping) {
        // Asked before the call: what is on its way when a round begins does not count in it.
        Round current = round;
        Optional<E> error = client.call();
        error.ifPresentOrElse(this::failed, () -> current.had(number));
      }
    } catch (Throwable e) {
      broken.completeExceptionally(e);
    }
  }

  private void failed(E code) {
    errors.add(code);
    Optional.ofNullable(nextErrors.remove(code)).ifPresent(next -> next.complete(null));
  }

  /** Lets the calls that run end. Fails when a client has broken, also where nobody waited. */
  @Override
  public void close() {
    stopping = true;
    for (Thread thread : threads) {
      join(thread);
    }
    if (broken.isCompletedExceptionally()) {
      broken.join();
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static final class Round {
    private final Set<Integer> missing = ConcurrentHashMap.newKeySet();
    private final CompletableFuture<Void> complete = new CompletableFuture<>();

    Round(int clients) {
      for (int i = 0; i < clients; i++) {
        missing.add(i);
      }
    }

    void had(int number) {
      missing.remove(number);
      if (missing.isEmpty()) {
        complete.complete(null);
      }
    }
  }
}
