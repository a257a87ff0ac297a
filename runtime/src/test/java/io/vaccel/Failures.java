package io.vaccel;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Catches the one exception that this API throws. */
final class Failures {
  private Failures() {}

  static VaccelException of(ThrowingCallable work) {
    VaccelException failure = catchThrowableOfType(VaccelException.class, work);
    if (failure == null) {
      throw new AssertionError("nothing was thrown");
    }
    return failure;
  }

  /** What a callback on the future itself sees: the bare exception, not a wrapped one. */
  static VaccelException of(CompletableFuture<?> future) throws Exception {
    Throwable seen = future.handle((value, error) -> error).get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    return (VaccelException) seen;
  }

  static <T> T get(CompletableFuture<T> future) throws Exception {
    try {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  private static final int TIMEOUT_SECONDS = 20;
}
