package io.vaccel.spi;

import io.vaccel.Operation;
import io.vaccel.RegisteredResource;
import io.vaccel.Result;
import java.util.Optional;

/**
 * The way from a plugin's session back into the runtime's, for operations that are made of others.
 */
public interface SessionContext {
  /** The session's id, for logs. */
  String sessionId();

  /** The session's registered resource with this number. */
  Optional<RegisteredResource> resource(long resourceId);

  /**
   * Performs another operation in the same session, by whichever plugin the runtime chooses; the
   * caller's deadline and cancellation go on to hold. An operation must not ask for itself.
   */
  <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call);
}
