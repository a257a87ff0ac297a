package io.vaccel.agent;

import io.vaccel.Model;
import io.vaccel.RegisteredResource;
import io.vaccel.v1.Payload;
import io.vaccel.wire.Inbound;
import io.vaccel.wire.Outbound;
import io.vaccel.wire.Payloads;
import java.nio.ByteBuffer;

/**
 * What one operation's messages refer to in its session: models, buffers that the request consumes,
 * and buffers for what is too large for the response. Used by one thread.
 */
final class OperationPayloads implements Inbound, Outbound {
  private final AgentSession session;
  private final CallScope scope;
  private final CallBudget memory;
  private long inlineLeft;

  OperationPayloads(AgentSession session, CallScope scope, CallBudget memory, long inlineBytes) {
    this.session = session;
    this.scope = scope;
    this.memory = memory;
    this.inlineLeft = inlineBytes;
  }

  @Override
  public Model model(String modelId) {
    return session.models().enter(modelId, scope);
  }

  @Override
  public RegisteredResource resource(String resourceId) {
    return session.resources().enter(resourceId, scope);
  }

  @Override
  public ByteBuffer payload(Payload payload) {
    return switch (payload.getSourceCase()) {
      case INLINE -> Payloads.inline(payload);
      case BUFFER_ID -> {
        TakenBuffer taken = session.buffers().take(payload.getBufferId());
        scope.onEnd(() -> session.buffers().give(taken));
        yield taken.data();
      }
      case SOURCE_NOT_SET -> throw Payloads.missing();
    };
  }

  @Override
  public Payload payload(ByteBuffer data) {
    if (data.remaining() <= inlineLeft) {
      inlineLeft -= data.remaining();
      return Payloads.inline(data);
    }
    String id = session.buffers().add(data, memory);
    scope.onUndelivered(() -> session.buffers().give(session.buffers().take(id)));
    return Payload.newBuilder().setBufferId(id).build();
  }

  @Override
  public String sessionId() {
    return session.id();
  }

  @Override
  public String modelId(Model model) {
    throw new IllegalStateException("a result names no models");
  }
}
