package io.vaccel.agent;

import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.agent.ContentIndex.Held;
import io.vaccel.agent.ContentIndex.Partial;
import io.vaccel.agent.ContentIndex.PartialKey;
import io.vaccel.program.FileFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files known by the SHA-256 of their content, each at most once on this host, shared by all peers.
 * Safe for use by several threads.
 *
 * <p>Content that a session uses is pinned. When the store is full, the least recently used content
 * that nobody uses goes. What an interrupted upload brought belongs to its peer alone until it is
 * verified: nobody can spoil another's upload.
 */
final class ContentStore implements AutoCloseable {
  static final Logger LOG = LoggerFactory.getLogger(ContentStore.class);

  /** An upload without a byte for this long is taken for dead and may be continued by another. */
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final ContentFiles files;
  private final Quota quota;
  private final LongSupplier nanoClock;
  private final Object lock = new Object();
  private final ContentIndex index;

  private ContentStore(ContentFiles files, Quota quota, LongSupplier nanoClock) {
    this.files = files;
    this.quota = quota;
    this.nanoClock = nanoClock;
    this.index = new ContentIndex(files, quota);
  }

  /**
   * Opens the store in a directory, made if missing, and clears what an earlier agent left half
   * done.
   *
   * @throws IOException when the directory cannot be used or another agent uses it
   */
  static ContentStore open(Path directory, Quota quota, LongSupplier nanoClock) throws IOException {
    try {
      ContentFiles files = ContentFiles.open(directory);
      try {
        ContentStore store = new ContentStore(files, quota, nanoClock);
        store.load();
        return store;
      } catch (IOException | RuntimeException e) {
        files.close();
        throw e;
      }
    } catch (FileSystemException e) {
      throw new IOException(
          "state directory " + directory + " cannot be used: " + FileFailure.text(e), e);
    }
  }

  /** How much of a content is there, as this peer may know it. */
  ContentStatus status(String peer, Digest digest) {
    synchronized (lock) {
      Optional<Held> held = index.held(digest);
      if (held.isPresent()) {
        return new ContentStatus(true, held.get().sizeBytes);
      }
      return new ContentStatus(
          false, visible(index.partials().get(new PartialKey(key(peer), digest))));
    }
  }

  /**
   * Begins or continues an upload; empty when the content is there already.
   *
   * @throws VaccelException {@link Reason#OFFSET_MISMATCH} with the right offset, {@link
   *     Reason#QUOTA_EXCEEDED} when the content is too large, {@link Reason#CONTENT_MISMATCH} when
   *     the content is there with another size
   */
  Optional<ContentUpload> upload(String peer, Digest digest, long sizeBytes, long offset) {
    if (sizeBytes < 0 || offset < 0 || offset > sizeBytes) {
      throw new VaccelException(
              Reason.ARGUMENT_INVALID,
              "upload of " + sizeBytes + " bytes from offset " + offset + " makes no sense")
          .about(sizeBytes < 0 ? "size_bytes" : "offset");
    }
    if (sizeBytes > quota.get(Limit.CONTENT_BYTES)) {
      throw Limit.CONTENT_BYTES.exceeded(quota.get(Limit.CONTENT_BYTES), sizeBytes);
    }
    PartialKey key = new PartialKey(key(peer), digest);
    while (true) {
      ContentUpload stalled;
      synchronized (lock) {
        Optional<Held> held = index.held(digest);
        if (held.isPresent()) {
          requireSize(held.get(), sizeBytes);
          return Optional.empty();
        }
        Optional<Partial> partial = Optional.ofNullable(index.partials().get(key));
        long there = visible(index.partials().get(key));
        if (offset != 0 && offset != there) {
          throw new VaccelException(
                  Reason.OFFSET_MISMATCH,
                  "the upload begins at " + offset + ", but " + there + " bytes are there")
              .with("received_bytes", there);
        }
        Optional<ContentUpload> writer = partial.flatMap(found -> found.writer);
        if (writer.isEmpty()) {
          return Optional.of(begin(key, sizeBytes, offset));
        }
        if (offset == 0) {
          return Optional.of(scratch(key, sizeBytes));
        }
        stalled = writer.get();
      }
      // Outside the lock: it waits for a write that is under way.
      stalled.close();
    }
  }

  /**
   * Keeps a content until the pin is closed.
   *
   * @throws VaccelException {@link Reason#CONTENT_MISSING}, or {@link Reason#CONTENT_MISMATCH} when
   *     its size is another
   */
  ContentPin pin(Digest digest, long sizeBytes) {
    synchronized (lock) {
      Held held =
          index
              .held(digest)
              .orElseThrow(
                  () ->
                      new VaccelException(
                              Reason.CONTENT_MISSING, "no content with SHA-256 " + digest)
                          .with("digest", digest));
      requireSize(held, sizeBytes);
      held.pins++;
      Path path = files.content(digest);
      touch(path);
      return new ContentPin(path, () -> unpin(held));
    }
  }

  /** Drops broken uploads that nobody continued in time. */
  void reap() {
    long oldest =
        nanoClock.getAsLong() - TimeUnit.MILLISECONDS.toNanos(quota.get(Limit.PARTIAL_AGE));
    synchronized (lock) {
      index.dropPartialsBefore(oldest);
    }
  }

  /** Bytes on disk. */
  long usedBytes() {
    synchronized (lock) {
      return index.space().used();
    }
  }

  @Override
  public void close() {
    List<ContentUpload> writers = new ArrayList<>();
    synchronized (lock) {
      index.partials().values().forEach(partial -> partial.writer.ifPresent(writers::add));
    }
    writers.forEach(ContentUpload::close);
    try {
      files.close();
    } catch (IOException e) {
      LOG.warn("closing the content store failed", e);
    }
  }

  /** Makes room for bytes of an upload and counts them. */
  void reserve(String owner, long bytes) throws IOException {
    if (files.freeBytes() - bytes < quota.get(Limit.FREE_DISK_BYTES)) {
      throw new VaccelException(Reason.QUOTA_EXCEEDED, "the agent's disk is full")
          .with("quota", Limit.FREE_DISK_BYTES.label());
    }
    synchronized (lock) {
      index.reserve(owner, bytes);
    }
  }

  void progressed(ContentUpload upload, long length) {
    synchronized (lock) {
      index
          .partial(upload)
          .ifPresent(
              partial -> {
                partial.length = length;
                partial.writtenNanos = nanoClock.getAsLong();
              });
    }
  }

  /** The stream ended before its content was complete. */
  void stopped(ContentUpload upload, long length) {
    if (!upload.resumable() || length == 0) {
      discard(upload, length);
      return;
    }
    synchronized (lock) {
      index
          .partial(upload)
          .ifPresent(
              partial -> {
                partial.length = length;
                partial.writer = Optional.empty();
              });
    }
  }

  /** What has arrived is of no use. */
  void discard(ContentUpload upload, long length) {
    synchronized (lock) {
      index.space().remove(upload.owner(), length);
      index.forget(upload);
      ContentIndex.delete(upload.file());
    }
  }

  /** What has arrived is the content; its bytes are on disk. */
  void publish(ContentUpload upload, long length) throws IOException {
    synchronized (lock) {
      if (index.held(upload.digest()).isPresent()) {
        discard(upload, length);
        return;
      }
      files.publish(upload.file(), upload.digest());
      index.forget(upload);
      index.add(upload.digest(), new Held(upload.owner(), length));
    }
    try {
      files.forceDirectory();
    } catch (IOException e) {
      LOG.warn("the content store's directory could not be forced to disk", e);
    }
  }

  /** The error for an I/O failure, which is logged here and not sent. */
  VaccelException failed(String what, IOException cause) {
    String incident = RandomId.next();
    LOG.error("{} an upload failed incident={}", what, incident, cause);
    return new VaccelException(
        Reason.INTERNAL, "the agent could not store the content, incident " + incident, cause);
  }

  private ContentUpload begin(PartialKey key, long sizeBytes, long offset) {
    Optional.ofNullable(offset == 0 ? index.partials().remove(key) : null)
        .ifPresent(old -> index.space().remove(key.owner(), old.length));
    if (!index.partials().containsKey(key)) {
      index.requireRoomForFile();
    }
    ContentUpload upload =
        new ContentUpload(
            this,
            key.owner(),
            key.digest(),
            sizeBytes,
            files.partial(key.owner(), key.digest()),
            offset,
            true);
    Partial partial = index.partials().computeIfAbsent(key, missing -> new Partial());
    partial.writer = Optional.of(upload);
    partial.writtenNanos = nanoClock.getAsLong();
    return upload;
  }

  /** A second upload of what is being uploaded just now: apart, so that both may succeed. */
  private ContentUpload scratch(PartialKey key, long sizeBytes) {
    return new ContentUpload(this, key.owner(), key.digest(), sizeBytes, files.scratch(), 0, false);
  }

  /** While bytes arrive an upload is not offered for continuation. */
  private long visible(Partial partial) {
    if (partial == null) {
      return 0;
    }
    boolean alive =
        partial.writer.isPresent() && nanoClock.getAsLong() - partial.writtenNanos < STALLED_NANOS;
    return alive ? 0 : partial.length;
  }

  private void unpin(Held held) {
    synchronized (lock) {
      held.pins--;
    }
  }

  private static void requireSize(Held held, long sizeBytes) {
    if (held.sizeBytes != sizeBytes) {
      throw new VaccelException(
              Reason.CONTENT_MISMATCH,
              "the content has " + held.sizeBytes + " bytes, not " + sizeBytes)
          .about("size_bytes");
    }
  }

  private void load() throws IOException {
    synchronized (lock) {
      index.load(nanoClock.getAsLong());
    }
  }

  /** So that the order of use survives a restart. */
  private static void touch(Path path) {
    try {
      Files.setLastModifiedTime(path, FileTime.fromMillis(System.currentTimeMillis()));
    } catch (IOException e) {
      LOG.debug("cannot touch a content", e);
    }
  }

  /** A short name of a peer that is safe in a file name. */
  private static String key(String peer) {
    MessageDigest sha256 = Digest.sha256();
    sha256.update(peer.getBytes(StandardCharsets.UTF_8));
    return Digest.of(sha256).hex().substring(0, 16);
  }
}
