package io.vaccel.wire;

import io.vaccel.ExecutedOn;
import io.vaccel.Model;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.VaccelException;
import io.vaccel.v1.Payload;
import java.nio.ByteBuffer;

/**
 * What the decoder of one message needs from the side that receives it; used by one thread, for one
 * message.
 */
public interface Inbound {
  /**
   * The model with this id in the message's session.
   *
   * @throws io.vaccel.VaccelException {@link io.vaccel.Reason#MODEL_NOT_FOUND}
   */
  Model model(String modelId);

  /**
   * The registered resource with this id in the message's session.
   *
   * @throws io.vaccel.VaccelException {@link io.vaccel.Reason#RESOURCE_NOT_FOUND}
   */
  default RegisteredResource resource(String resourceId) {
    throw new VaccelException(Reason.RESOURCE_NOT_FOUND, "no resources are registered here");
  }

  /**
   * The bytes of a payload, wherever they are; the view stays valid as long as the decoded value is
   * used.
   *
   * @throws io.vaccel.VaccelException when there is no source or no such buffer
   */
  ByteBuffer payload(Payload payload);

  /** What the sender says of the place, as the receiver sees it. */
  default ExecutedOn seen(ExecutedOn bySender) {
    return bySender;
  }
}
