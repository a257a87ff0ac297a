package io.vaccel.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.v1.Payload;
import java.nio.ByteBuffer;

/** The inline form of payloads; both sides add their own buffers to it. */
public final class Payloads {
  private Payloads() {}

  /** A payload that shares the bytes of {@code data}. */
  public static Payload inline(ByteBuffer data) {
    return Payload.newBuilder().setInline(UnsafeByteOperations.unsafeWrap(data)).build();
  }

  /** The bytes of an inline payload, shared. */
  public static ByteBuffer inline(Payload payload) {
    return bytes(payload.getInline());
  }

  /** A read-only view of the bytes. */
  public static ByteBuffer bytes(ByteString bytes) {
    return bytes.asReadOnlyByteBuffer();
  }

  /** The error for a payload that says neither where its bytes are nor that there are none. */
  public static VaccelException missing() {
    return new VaccelException(
        Reason.ARGUMENT_INVALID, "a payload has neither inline bytes nor a buffer_id");
  }
}
