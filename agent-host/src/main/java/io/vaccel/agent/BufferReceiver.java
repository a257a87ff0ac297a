package io.vaccel.agent;

import com.google.protobuf.ByteString;
import io.vaccel.v1.WriteBufferHeader;
import io.vaccel.v1.WriteBufferRequest;
import io.vaccel.v1.WriteBufferResponse;
import java.util.Optional;

/** The agent's end of one {@code WriteBuffer} stream. */
final class BufferReceiver
    implements ReceivingRpc.Receiver<WriteBufferRequest, WriteBufferResponse> {
  private final Sessions sessions;
  private final int chunkBytes;
  private final CallScope scope;
  private Optional<IncomingBuffer> buffer = Optional.empty();
  private Optional<SessionBuffers> buffers = Optional.empty();

  BufferReceiver(Sessions sessions, int chunkBytes, CallScope scope) {
    this.sessions = sessions;
    this.chunkBytes = chunkBytes;
    this.scope = scope;
  }

  @Override
  public Optional<WriteBufferResponse> message(WriteBufferRequest message) {
    switch (message.getPartCase()) {
      case HEADER -> begin(message.getHeader());
      case CHUNK -> {
        ByteString chunk = message.getChunk();
        ContentReceiver.requireChunk(chunk.size(), chunkBytes);
        open().write(chunk.asReadOnlyByteBuffer());
      }
      case PART_NOT_SET -> throw ContentReceiver.noPart();
    }
    return Optional.empty();
  }

  @Override
  public WriteBufferResponse finish() {
    String id = open().finish();
    SessionBuffers owner = buffers.orElseThrow();
    scope.onUndelivered(() -> owner.give(owner.take(id)));
    return WriteBufferResponse.newBuilder().setBufferId(id).build();
  }

  @Override
  public void close() {
    buffer.ifPresent(IncomingBuffer::close);
  }

  private void begin(WriteBufferHeader header) {
    if (buffer.isPresent()) {
      throw ContentReceiver.secondHeader();
    }
    buffers = Optional.of(sessions.enter(header.getSessionId(), scope).buffers());
    buffer = buffers.map(owner -> owner.receive(header.getSizeBytes()));
  }

  private IncomingBuffer open() {
    return buffer.orElseThrow(ContentReceiver::noHeader);
  }
}
