package io.vaccel.agent;

import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * One content on its way into the store. Safe for use by several threads: the stream writes, and
 * another upload may take over when the stream has stalled.
 *
 * <p>After {@link #close} what has arrived is kept, unless it turned out to be wrong.
 */
final class ContentUpload implements AutoCloseable {
  private static final int BLOCK_BYTES = 1 << 18;

  private final ContentStore store;
  private final String owner;
  private final Digest digest;
  private final long sizeBytes;
  private final Path file;
  private final boolean resumable;
  private final MessageDigest sha256 = Digest.sha256();
  private FileChannel channel;
  private long length;
  private boolean closed;

  ContentUpload(
      ContentStore store,
      String owner,
      Digest digest,
      long sizeBytes,
      Path file,
      long offset,
      boolean resumable) {
    this.store = store;
    this.owner = owner;
    this.digest = digest;
    this.sizeBytes = sizeBytes;
    this.file = file;
    this.length = offset;
    this.resumable = resumable;
  }

  String owner() {
    return owner;
  }

  Digest digest() {
    return digest;
  }

  Path file() {
    return file;
  }

  /** Whether what has arrived is kept when the stream breaks. */
  boolean resumable() {
    return resumable;
  }

  /**
   * Appends the chunk.
   *
   * @throws VaccelException {@link Reason#CONTENT_MISMATCH} when more comes than was announced,
   *     {@link Reason#QUOTA_EXCEEDED} when there is no room, {@link Reason#OFFSET_MISMATCH} when
   *     another upload took over
   */
  synchronized void write(ByteBuffer chunk) {
    requireOpen();
    int bytes = chunk.remaining();
    if (bytes > sizeBytes - length) {
      spoil();
      throw new VaccelException(
              Reason.CONTENT_MISMATCH, "more bytes arrived than the announced " + sizeBytes)
          .about("chunk");
    }
    try {
      FileChannel open = channel();
      store.reserve(owner, bytes);
      length += bytes;
      sha256.update(chunk.duplicate());
      while (chunk.hasRemaining()) {
        open.write(chunk);
      }
    } catch (IOException e) {
      spoil();
      throw store.failed("writing", e);
    }
    store.progressed(this, length);
  }

  /**
   * Verifies that all is there and makes it available to everybody; returns its size.
   *
   * @throws VaccelException {@link Reason#CONTENT_MISMATCH}
   */
  synchronized long finish() {
    requireOpen();
    if (length != sizeBytes) {
      close();
      throw new VaccelException(
              Reason.CONTENT_MISMATCH,
              "the upload ended after " + length + " of " + sizeBytes + " bytes")
          .with("received_bytes", length)
          .about("size_bytes");
    }
    try {
      FileChannel open = channel();
      if (!Digest.of(sha256).equals(digest)) {
        spoil();
        throw new VaccelException(
                Reason.CONTENT_MISMATCH, "the bytes do not have the SHA-256 " + digest)
            .about("digest");
      }
      open.force(true);
      store.publish(this, length);
      closed = true;
      open.close();
    } catch (IOException e) {
      spoil();
      throw store.failed("finishing", e);
    }
    return length;
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    closeChannel();
    store.stopped(this, length);
  }

  private void spoil() {
    if (!closed) {
      closed = true;
      closeChannel();
      store.discard(this, length);
    }
  }

  private void closeChannel() {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      ContentStore.LOG.warn("closing an upload failed digest={}", digest.abbreviated(), e);
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new VaccelException(
              Reason.OFFSET_MISMATCH, "another upload of the same content took over")
          .with("received_bytes", length);
    }
  }

  /** Opened late, so that reading what is there already happens on the stream's own turn. */
  private FileChannel channel() throws IOException {
    if (channel == null) {
      channel = ContentFiles.openForUpload(file);
      channel.truncate(length);
      ByteBuffer block = ByteBuffer.allocate((int) Math.max(1, Math.min(BLOCK_BYTES, length)));
      long read = 0;
      while (read < length) {
        block.clear().limit((int) Math.min(block.capacity(), length - read));
        int n = channel.read(block, read);
        if (n < 0) {
          throw new IOException("the partial file is shorter than it was");
        }
        sha256.update(block.flip());
        read += n;
      }
      channel.position(length);
    }
    return channel;
  }
}
