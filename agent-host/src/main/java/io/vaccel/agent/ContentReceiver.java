package io.vaccel.agent;

import com.google.protobuf.ByteString;
import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.UploadContentRequest;
import io.vaccel.v1.UploadContentResponse;
import io.vaccel.v1.UploadHeader;
import java.util.Optional;

/** The agent's end of one {@code UploadContent} stream. */
final class ContentReceiver
    implements ReceivingRpc.Receiver<UploadContentRequest, UploadContentResponse> {
  private final Sessions sessions;
  private final ContentStore store;
  private final int chunkBytes;
  private final CallScope scope;
  private Optional<ContentUpload> upload = Optional.empty();

  ContentReceiver(Sessions sessions, ContentStore store, int chunkBytes, CallScope scope) {
    this.sessions = sessions;
    this.store = store;
    this.chunkBytes = chunkBytes;
    this.scope = scope;
  }

  @Override
  public Optional<UploadContentResponse> message(UploadContentRequest message) {
    return switch (message.getPartCase()) {
      case HEADER -> begin(message.getHeader());
      case CHUNK -> {
        ByteString chunk = message.getChunk();
        requireChunk(chunk.size(), chunkBytes);
        open().write(chunk.asReadOnlyByteBuffer());
        yield Optional.empty();
      }
      case PART_NOT_SET -> throw noPart();
    };
  }

  @Override
  public UploadContentResponse finish() {
    try {
      return response(open().finish());
    } catch (VaccelException e) {
      throw inHeader(e);
    }
  }

  @Override
  public void close() {
    upload.ifPresent(ContentUpload::close);
  }

  static void requireChunk(int bytes, int most) {
    if (bytes > most) {
      throw new VaccelException(
              Reason.MESSAGE_TOO_LARGE, "chunk of " + bytes + " bytes, the limit is " + most)
          .with("quota", Limit.CHUNK_BYTES.label());
    }
  }

  static VaccelException noPart() {
    return new VaccelException(Reason.ARGUMENT_INVALID, "a message has neither header nor chunk")
        .about("part");
  }

  static VaccelException secondHeader() {
    return new VaccelException(Reason.ARGUMENT_INVALID, "a second header came").about("header");
  }

  static VaccelException noHeader() {
    return new VaccelException(Reason.ARGUMENT_INVALID, "the stream must begin with a header")
        .about("header");
  }

  private Optional<UploadContentResponse> begin(UploadHeader header) {
    if (upload.isPresent()) {
      throw secondHeader();
    }
    sessions.enter(header.getSessionId(), scope);
    try {
      upload =
          store.upload(
              scope.peer().owner(),
              new Digest(header.getDigest()),
              header.getSizeBytes(),
              header.getOffset());
    } catch (VaccelException e) {
      throw inHeader(e);
    }
    return upload.isPresent() ? Optional.empty() : Optional.of(response(header.getSizeBytes()));
  }

  /** The same error where it is about a field of the header. */
  private static VaccelException inHeader(VaccelException error) {
    return Optional.ofNullable(error.details().get(VaccelException.FIELD))
        .filter(field -> !field.equals("header"))
        .map(field -> error.with(VaccelException.FIELD, "header." + field))
        .orElse(error);
  }

  private ContentUpload open() {
    return upload.orElseThrow(ContentReceiver::noHeader);
  }

  private static UploadContentResponse response(long sizeBytes) {
    return UploadContentResponse.newBuilder().setSizeBytes(sizeBytes).build();
  }
}
