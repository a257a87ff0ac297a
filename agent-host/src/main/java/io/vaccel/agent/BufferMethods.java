package io.vaccel.agent;

import com.google.protobuf.UnsafeByteOperations;
import io.vaccel.v1.BufferServiceGrpc;
import io.vaccel.v1.ReadBufferRequest;
import io.vaccel.v1.ReadBufferResponse;
import io.vaccel.v1.ReleaseBufferRequest;
import io.vaccel.v1.ReleaseBufferResponse;
import java.nio.ByteBuffer;
import java.util.Optional;

/** {@code BufferService}: payloads that are too large for one message. */
final class BufferMethods {
  /** Large enough to be cheap, small enough to keep the memory of a slow reader low. */
  private static final int CHUNK_BYTES = 256 << 10;

  private final Sessions sessions;
  private final Quota quota;

  BufferMethods(Sessions sessions, Quota quota) {
    this.sessions = sessions;
    this.quota = quota;
  }

  void bind(Services services, Calls calls) {
    services.bind(
        BufferServiceGrpc.getWriteBufferMethod(),
        calls.receiving(
            scope -> new BufferReceiver(sessions, quota.count(Limit.CHUNK_BYTES), scope)));
    services.bind(BufferServiceGrpc.getReadBufferMethod(), calls.sending(this::read));
    services.bind(BufferServiceGrpc.getReleaseBufferMethod(), calls.parting(this::release));
  }

  private SendingRpc.Source<ReadBufferResponse> read(ReadBufferRequest request, CallScope scope) {
    AgentSession session = sessions.enter(request.getSessionId(), scope);
    TakenBuffer taken = session.buffers().take(request.getBufferId());
    scope.onDelivered(() -> session.buffers().give(taken));
    scope.onUndelivered(() -> session.buffers().restore(taken));
    return new Chunks(taken.data().duplicate());
  }

  private ReleaseBufferResponse release(ReleaseBufferRequest request, CallScope scope) {
    SessionBuffers buffers = sessions.enter(request.getSessionId(), scope).buffers();
    buffers.give(buffers.take(request.getBufferId()));
    return ReleaseBufferResponse.getDefaultInstance();
  }

  /** Cuts a buffer into messages without copying it. */
  private static final class Chunks implements SendingRpc.Source<ReadBufferResponse> {
    private final ByteBuffer rest;
    private boolean first = true;

    Chunks(ByteBuffer data) {
      this.rest = data;
    }

    @Override
    public Optional<ReadBufferResponse> next() {
      if (!first && !rest.hasRemaining()) {
        return Optional.empty();
      }
      ReadBufferResponse.Builder message = ReadBufferResponse.newBuilder();
      if (first) {
        message.setSizeBytes(rest.remaining());
        first = false;
      }
      int bytes = Math.min(CHUNK_BYTES, rest.remaining());
      message.setChunk(UnsafeByteOperations.unsafeWrap(rest.slice(rest.position(), bytes)));
      rest.position(rest.position() + bytes);
      return Optional.of(message.build());
    }
  }
}
