package io.vaccel.plugin.vsock;

import io.vaccel.Model;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.VaccelException;
import io.vaccel.v1.Payload;
import io.vaccel.wire.Outbound;
import io.vaccel.wire.Payloads;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts payloads into a request while there is room, and what finds none into buffers ahead of it;
 * used by one thread, for one request.
 */
final class SessionOutbound implements Outbound {
  private final RemoteSession session;
  private final Function<ByteBuffer, String> writer;
  private final List<String> bufferIds = new ArrayList<>();
  private long roomBytes;

  /**
   * For a request with room for so many bytes of payload.
   *
   * @param writer sends bytes ahead and returns the agent's id for them
   */
  SessionOutbound(RemoteSession session, int roomBytes, Function<ByteBuffer, String> writer) {
    this.session = session;
    this.roomBytes = roomBytes;
    this.writer = writer;
  }

  /** The buffers that were sent ahead. */
  List<String> bufferIds() {
    return bufferIds;
  }

  @Override
  public String sessionId() {
    return session.id();
  }

  @Override
  public String modelId(Model model) {
    return session
        .model(model)
        .map(RemoteSession.LoadedThere::modelId)
        .orElseThrow(
            () -> new VaccelException(Reason.MODEL_NOT_FOUND, model + " is not loaded there"));
  }

  @Override
  public String resourceId(RegisteredResource resource) {
    return session
        .resource(resource)
        .orElseThrow(
            () ->
                new VaccelException(
                    Reason.RESOURCE_NOT_FOUND, resource + " is not registered there"));
  }

  @Override
  public Payload payload(ByteBuffer data) {
    if (data.remaining() <= roomBytes) {
      roomBytes -= data.remaining();
      return Payloads.inline(data);
    }
    String bufferId = writer.apply(data);
    bufferIds.add(bufferId);
    return Payload.newBuilder().setBufferId(bufferId).build();
  }
}
