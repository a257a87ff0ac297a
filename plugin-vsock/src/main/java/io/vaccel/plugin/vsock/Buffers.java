package io.vaccel.plugin.vsock;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.v1.BufferServiceGrpc;
import io.vaccel.v1.ReadBufferRequest;
import io.vaccel.v1.ReadBufferResponse;
import io.vaccel.v1.ReleaseBufferRequest;
import io.vaccel.v1.WriteBufferHeader;
import io.vaccel.v1.WriteBufferRequest;
import io.vaccel.v1.WriteBufferResponse;
import java.nio.ByteBuffer;
import java.util.Collection;

/**
 * Moves bytes that are too many for one message, beside the call that needs them, in chunks and
 * under back pressure; safe for use by several threads.
 */
final class Buffers {
  private final Rpc rpc;
  private final Farewells farewells;

  Buffers(Rpc rpc, Farewells farewells) {
    this.rpc = rpc;
    this.farewells = farewells;
  }

  /** Sends the bytes, which must not change meanwhile, and returns the agent's id for them. */
  String write(RemoteSession session, ByteBuffer data, int chunkBytes, Call call) {
    WriteBufferHeader header =
        WriteBufferHeader.newBuilder()
            .setSessionId(session.id())
            .setSizeBytes(data.remaining())
            .build();
    WriteBufferResponse response =
        rpc.upload(
            BufferServiceGrpc.getWriteBufferMethod(),
            stream -> {
              boolean goesOn =
                  stream.write(WriteBufferRequest.newBuilder().setHeader(header).build());
              ByteBuffer rest = data.duplicate();
              while (goesOn && rest.hasRemaining()) {
                ByteBuffer chunk = rest.slice();
                chunk.limit(Math.min(chunkBytes, chunk.remaining()));
                rest.position(rest.position() + chunk.remaining());
                goesOn =
                    stream.write(
                        WriteBufferRequest.newBuilder()
                            .setChunk(UnsafeByteOperations.unsafeWrap(chunk))
                            .build());
              }
              return null;
            },
            call);
    session.used();
    return response.getBufferId();
  }

  /**
   * Fetches a buffer into one new direct buffer.
   *
   * @param limitBytes the most that the caller is ready to hold
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when it is larger, {@link
   *     Reason#INTERNAL} when the agent sends another number of bytes than it announced
   */
  ByteBuffer read(RemoteSession session, String bufferId, long limitBytes, Call call) {
    ReadBufferRequest request =
        ReadBufferRequest.newBuilder().setSessionId(session.id()).setBufferId(bufferId).build();
    ByteBuffer data =
        rpc.download(
            BufferServiceGrpc.getReadBufferMethod(),
            request,
            stream -> receive(stream, limitBytes),
            call);
    session.used();
    return data;
  }

  private static ByteBuffer receive(
      BlockingClientCall<ReadBufferRequest, ReadBufferResponse> stream, long limitBytes)
      throws InterruptedException, StatusException {
    ReadBufferResponse first = stream.read();
    if (first == null) {
      throw malformed("has no first chunk");
    }
    ByteBuffer data = allocate(first.getSizeBytes(), limitBytes);
    for (ReadBufferResponse next = first; next != null; next = stream.read()) {
      ByteString chunk = next.getChunk();
      if (chunk.size() > data.remaining()) {
        throw malformed("is longer than the " + data.capacity() + " bytes announced");
      }
      chunk.copyTo(data);
    }
    if (data.hasRemaining()) {
      throw malformed(
          "ends after " + data.position() + " of the " + data.capacity() + " bytes announced");
    }
    return data.flip();
  }

  private static ByteBuffer allocate(long sizeBytes, long limitBytes) {
    if (sizeBytes < 0) {
      throw malformed("announces " + sizeBytes + " bytes");
    }
    if (sizeBytes > Math.min(limitBytes, Integer.MAX_VALUE)) {
      throw tooLarge(
              sizeBytes, "the limit is " + limitBytes + " (" + ClientSettings.MAX_RESULT + ")")
          .with("limit", limitBytes)
          .with("amount", sizeBytes);
    }
    try {
      return ByteBuffer.allocateDirect((int) sizeBytes);
    } catch (OutOfMemoryError e) {
      throw tooLarge(sizeBytes, "this process has not that much left (-XX:MaxDirectMemorySize)");
    }
  }

  /** Frees buffers that nobody will use, unless they are gone already; does not wait. */
  void release(RemoteSession session, Collection<String> bufferIds) {
    for (String bufferId : bufferIds) {
      farewells.say(
          BufferServiceGrpc.getReleaseBufferMethod(),
          ReleaseBufferRequest.newBuilder()
              .setSessionId(session.id())
              .setBufferId(bufferId)
              .build());
    }
  }

  private static VaccelException malformed(String what) {
    return new VaccelException(Reason.INTERNAL, "the agent's answer is invalid: a buffer " + what);
  }

  private static VaccelException tooLarge(long sizeBytes, String why) {
    return new VaccelException(
        Reason.QUOTA_EXCEEDED, "the result holds a buffer of " + sizeBytes + " bytes; " + why);
  }
}
