package io.vaccel.wire;

import io.vaccel.ExecutedOn;
import io.vaccel.Model;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.VaccelException;
import io.vaccel.v1.Payload;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Both ends of the wire in one object: payloads over a threshold go to a map of buffers, as they
 * would beside a call; models and resources have ids that the other end looks up.
 */
final class WireSide implements Outbound, Inbound {
  private final int inlineBytes;
  private final Map<String, ByteBuffer> buffers = new HashMap<>();
  private final Map<String, Model> models = new HashMap<>();
  private final Map<String, RegisteredResource> resources = new HashMap<>();

  WireSide(int inlineBytes) {
    this.inlineBytes = inlineBytes;
  }

  @Override
  public String sessionId() {
    return "session-1";
  }

  @Override
  public String modelId(Model model) {
    String id = "model-" + models.size();
    models.put(id, model);
    return id;
  }

  @Override
  public Model model(String modelId) {
    return Optional.ofNullable(models.get(modelId))
        .orElseThrow(
            () -> new VaccelException(Reason.MODEL_NOT_FOUND, "no model '" + modelId + "'"));
  }

  @Override
  public String resourceId(RegisteredResource resource) {
    String id = "resource-" + resources.size();
    resources.put(id, resource);
    return id;
  }

  @Override
  public RegisteredResource resource(String resourceId) {
    return Optional.ofNullable(resources.get(resourceId))
        .orElseThrow(
            () ->
                new VaccelException(Reason.RESOURCE_NOT_FOUND, "no resource '" + resourceId + "'"));
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
