package io.vaccel.plugin.vsock;

import com.google.protobuf.UnsafeByteOperations;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.v1.ContentStatus;
import io.vaccel.v1.FetchContentRequest;
import io.vaccel.v1.FindContentRequest;
import io.vaccel.v1.FindContentResponse;
import io.vaccel.v1.ResourceServiceGrpc;
import io.vaccel.v1.UploadContentRequest;
import io.vaccel.v1.UploadHeader;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * Brings files to the agent: names their digests first, sends only what is missing, and goes on
 * where an earlier upload stopped. Safe for use by several threads, of which one at a time sends
 * the same content.
 */
final class ContentUpload {
  /**
   * Locks shared by contents whose digests begin alike; enough that few wait for another content.
   */
  private static final int LOCKS = 64;

  /** How often it is tried again while another process sends the same content, without progress. */
  private static final int MAX_IDLE_TURNS = 100;

  private static final Duration TURN_PAUSE = Duration.ofMillis(100);

  private final Rpc rpc;
  private final List<ReentrantLock> locks =
      IntStream.range(0, LOCKS).mapToObj(i -> new ReentrantLock()).toList();

  ContentUpload(Rpc rpc) {
    this.rpc = rpc;
  }

  /**
   * Sees to it that the agent holds the content of all these files.
   *
   * @param tally hears of the bytes that travel, and outlives tries that fail
   * @return the size of each content
   * @throws VaccelException {@link Reason#CONTENT_MISSING} when content is neither here nor there
   */
  Map<Digest, Long> bring(
      RemoteSession session,
      List<ResourceFile> files,
      UploadTally tally,
      int chunkBytes,
      Call call) {
    Map<Digest, ResourceFile> distinct = new LinkedHashMap<>();
    files.forEach(file -> distinct.putIfAbsent(file.digest(), file));
    List<ResourceFile> wanted = List.copyOf(distinct.values());
    List<ContentStatus> statuses = find(session, wanted, call);
    Map<Digest, Long> sizes = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      ResourceFile file = wanted.get(i);
      if (statuses.get(i).getComplete()) {
        long size = statuses.get(i).getReceivedBytes();
        sizes.put(file.digest(), size);
        call.progress().moved(file.name(), size, size);
        continue;
      }
      if (!file.isHere() && file.url().isPresent()) {
        sizes.put(file.digest(), fetched(session, file, call));
        continue;
      }
      requireHere(file);
      sizes.put(file.digest(), file.sizeBytes());
      ReentrantLock lock = locks.get(Math.floorMod(file.digest().hashCode(), LOCKS));
      Waiting.lock(lock, call);
      try {
        bring(session, file, tally, chunkBytes, call);
      } finally {
        lock.unlock();
      }
    }
    return sizes;
  }

  /** Has the agent fetch a file; returns its size. */
  private long fetched(RemoteSession session, ResourceFile file, Call call) {
    long size =
        rpc.call(
                ResourceServiceGrpc.getFetchContentMethod(),
                FetchContentRequest.newBuilder()
                    .setSessionId(session.id())
                    .setDigest(file.digest().hex())
                    .setUrl(file.url().orElseThrow().toString())
                    .build(),
                call)
            .getSizeBytes();
    session.used();
    return size;
  }

  private static void requireHere(ResourceFile file) {
    if (!file.isHere()) {
      throw new VaccelException(
              Reason.CONTENT_MISSING,
              "the agent does not hold file '"
                  + file.name()
                  + "', of which only the digest is known here")
          .with("digest", file.digest());
    }
  }

  /** Alone for this content in this process, but perhaps not on this host. */
  private void bring(
      RemoteSession session, ResourceFile file, UploadTally tally, int chunkBytes, Call call) {
    long best = -1;
    int idleTurns = 0;
    while (true) {
      ContentStatus status = find(session, List.of(file), call).get(0);
      if (status.getComplete()) {
        call.progress().moved(file.name(), file.sizeBytes(), file.sizeBytes());
        return;
      }
      tally.found(file.digest(), status.getReceivedBytes());
      idleTurns = status.getReceivedBytes() > best ? 0 : idleTurns + 1;
      best = Math.max(best, status.getReceivedBytes());
      try {
        send(session, file, status.getReceivedBytes(), tally, chunkBytes, call);
        session.used();
        return;
      } catch (VaccelException e) {
        if (e.reason() != Reason.OFFSET_MISMATCH || idleTurns >= MAX_IDLE_TURNS) {
          throw e;
        }
        // Somebody else sends the same content: wait for it, or go on where they stop.
        Waiting.pause(TURN_PAUSE, call);
      }
    }
  }

  private List<ContentStatus> find(RemoteSession session, List<ResourceFile> files, Call call) {
    FindContentRequest.Builder request = FindContentRequest.newBuilder().setSessionId(session.id());
    files.forEach(file -> request.addDigests(file.digest().hex()));
    FindContentResponse response =
        rpc.call(ResourceServiceGrpc.getFindContentMethod(), request.build(), call);
    session.used();
    List<ContentStatus> statuses = response.getContentsList();
    boolean fits = statuses.size() == files.size();
    for (int i = 0; fits && i < files.size(); i++) {
      ContentStatus status = statuses.get(i);
      fits =
          status.getDigest().equals(files.get(i).digest().hex())
              && status.getReceivedBytes() >= 0
              && mayHave(files.get(i), status);
    }
    if (!fits) {
      throw new VaccelException(
          Reason.INTERNAL, "the agent's answer is invalid: it describes other contents than asked");
    }
    return statuses;
  }

  private static boolean mayHave(ResourceFile file, ContentStatus status) {
    if (file.sizeBytes() == ResourceFile.UNKNOWN_SIZE) {
      return true;
    }
    return status.getComplete()
        ? status.getReceivedBytes() == file.sizeBytes()
        : status.getReceivedBytes() <= file.sizeBytes();
  }

  private void send(
      RemoteSession session,
      ResourceFile file,
      long offset,
      UploadTally tally,
      int chunkBytes,
      Call call) {
    UploadHeader header =
        UploadHeader.newBuilder()
            .setSessionId(session.id())
            .setDigest(file.digest().hex())
            .setSizeBytes(file.sizeBytes())
            .setOffset(offset)
            .build();
    try (InputStream in = file.open(offset)) {
      rpc.upload(
          ResourceServiceGrpc.getUploadContentMethod(),
          stream -> {
            boolean goesOn =
                stream.write(UploadContentRequest.newBuilder().setHeader(header).build());
            if (goesOn) {
              sendChunks(stream, in, file, offset, tally, chunkBytes, call);
            }
            return null;
          },
          call);
    } catch (IOException e) {
      throw new VaccelException(
          Reason.CONTENT_MISMATCH, "file '" + file.name() + "' cannot be read any more", e);
    }
  }

  private static void sendChunks(
      BlockingClientCall<UploadContentRequest, ?> stream,
      InputStream in,
      ResourceFile file,
      long offset,
      UploadTally tally,
      int chunkBytes,
      Call call)
      throws InterruptedException, StatusException {
    PacedProgress progress =
        new PacedProgress(call.progress(), file.name(), offset, file.sizeBytes());
    boolean goesOn = true;
    for (long sent = offset; goesOn && sent < file.sizeBytes(); ) {
      byte[] chunk = read(in, file, (int) Math.min(chunkBytes, file.sizeBytes() - sent), sent);
      goesOn =
          stream.write(
              UploadContentRequest.newBuilder()
                  .setChunk(UnsafeByteOperations.unsafeWrap(chunk))
                  .build());
      sent += chunk.length;
      tally.sent(chunk.length);
      progress.moved(sent);
    }
  }

  private static byte[] read(InputStream in, ResourceFile file, int bytes, long at) {
    try {
      byte[] chunk = in.readNBytes(bytes);
      if (chunk.length == bytes) {
        return chunk;
      }
      throw new VaccelException(
          Reason.CONTENT_MISMATCH,
          "file '"
              + file.name()
              + "' ends after "
              + (at + chunk.length)
              + " of "
              + file.sizeBytes()
              + " bytes: it changed since it was opened");
    } catch (IOException e) {
      throw new VaccelException(
          Reason.CONTENT_MISMATCH, "file '" + file.name() + "' cannot be read any more", e);
    }
  }
}
