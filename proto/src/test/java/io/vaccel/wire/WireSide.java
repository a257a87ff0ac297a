package io.vaccel.wire;

import io.vaccel.ExecutedOn;
import io.vaccel.Model;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.Payload;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * Both ends of the wire in one object: payloads over a threshold go to a map of buffers, as they
 * would beside a call.
 */
final class WireSide implements Outbound, Inbound {
  private final int inlineBytes;
  private final Map<String, ByteBuffer> buffers = new HashMap<>();

  WireSide(int inlineBytes) {
    this.inlineBytes = inlineBytes;
  }

  @Override
  public String sessionId() {
    return "session-1";
  }

  @Override
  public String modelId(Model model) {
    throw new VaccelException(Reason.MODEL_NOT_FOUND, "no models on this side");
  }

  @Override
  public Model model(String modelId) {
    throw new VaccelException(Reason.MODEL_NOT_FOUND, "no model '" + modelId + "'");
  }

  @Override
  public Payload payload(ByteBuffer data) {
    if (data.remaining() <= inlineBytes) {
      return Payloads.inline(data);
    }
    String id = "buffer-" + buffers.size();
    buffers.put(id, data);
    return Payload.newBuilder().setBufferId(id).build();
  }

  @Override
  public ByteBuffer payload(Payload payload) {
    return switch (payload.getSourceCase()) {
      case INLINE -> Payloads.inline(payload);
      case BUFFER_ID -> buffers.remove(payload.getBufferId());
      case SOURCE_NOT_SET -> throw Payloads.missing();
    };
  }

  @Override
  public ExecutedOn seen(ExecutedOn bySender) {
    return bySender.via("unix:/run/agent");
  }

  int buffersLeft() {
    return buffers.size();
  }
}
