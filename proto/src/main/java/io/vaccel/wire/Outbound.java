package io.vaccel.wire;

import io.vaccel.Model;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.VaccelException;
import io.vaccel.v1.Payload;
import java.nio.ByteBuffer;

/**
 * What the encoder of one message needs from the side that sends it; used by one thread, for one
 * message.
 *
 * <p>An agent that encodes a result is never asked for {@link #sessionId}, {@link #modelId} or
 * {@link #resourceId}.
 */
public interface Outbound {
  /** The session of the request. */
  String sessionId();

  /** The receiver's id of a model. */
  String modelId(Model model);

  /** The receiver's id of a registered resource. */
  default String resourceId(RegisteredResource resource) {
    throw new VaccelException(Reason.RESOURCE_NOT_FOUND, "no resources are registered there");
  }

  /**
   * Puts bytes into the message, or into a buffer beside it when the message would become too
   * large. The bytes are not copied when they go inline, so they must not change before the message
   * is sent.
   */
  Payload payload(ByteBuffer data);
}
