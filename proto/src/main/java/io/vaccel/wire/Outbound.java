package io.vaccel.wire;

import io.vaccel.Model;
import io.vaccel.v1.Payload;
import java.nio.ByteBuffer;

/**
 * What the encoder of one message needs from the side that sends it; used by one thread, for one
 * message.
 *
 * <p>An agent that encodes a result is never asked for {@link #sessionId} or {@link #modelId}.
 */
public interface Outbound {
  /** The session of the request. */
  String sessionId();

  /** The receiver's id of a model. */
  String modelId(Model model);

  /**
   * Puts bytes into the message, or into a buffer beside it when the message would become too
   * large. The bytes are not copied when they go inline, so they must not change before the message
   * is sent.
   */
  Payload payload(ByteBuffer data);
}
