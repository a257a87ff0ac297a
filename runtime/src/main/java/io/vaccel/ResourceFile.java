package io.vaccel;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * One named file of a {@link Resource}, known by the SHA-256 of its content; immutable. The content
 * is on disk, in memory, or not here at all.
 *
 * <p>When the content changes while a resource holds it, a transfer fails with {@link
 * Reason#CONTENT_MISMATCH} until {@link #sync} has read it again.
 */
public final class ResourceFile {
  /** What {@link #sizeBytes} is for a file of which only the digest is known. */
  public static final long UNKNOWN_SIZE = -1;

  /** Arrays of a few bytes less than 2 GiB are what every JVM can make. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  private final String name;
  private final long sizeBytes;
  private final Digest digest;
  private final Optional<Path> path;
  private final Optional<ByteBuffer> content;
  private final Optional<URI> url;

  private ResourceFile(
      String name,
      long sizeBytes,
      Digest digest,
      Optional<Path> path,
      Optional<ByteBuffer> content,
      Optional<URI> url) {
    this.url = url;
    this.name = ResourceName.check(name);
    this.sizeBytes = sizeBytes;
    this.digest = digest;
    this.path = path;
    this.content = content;
  }

  /**
   * A file on disk; reads it once to learn its digest.
   *
   * @throws VaccelException {@link Reason#FILE_NOT_FOUND} or {@link Reason#NAME_INVALID}
   */
  public static ResourceFile read(String name, Path path) {
    ResourceName.check(name);
    MessageDigest sha256 = Digest.sha256();
    long size = 0;
    if (!Files.isRegularFile(path)) {
      throw new VaccelException(
          Reason.FILE_NOT_FOUND,
          (Files.exists(path) ? "not a regular file: " : "no such file: ") + path);
    }
    try (InputStream in = Files.newInputStream(path)) {
      byte[] block = new byte[1 << 16];
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        sha256.update(block, 0, n);
        size += n;
      }
    } catch (IOException e) {
      throw FileProblem.reading(path, e);
    }
    return new ResourceFile(
        name, size, Digest.of(sha256), Optional.of(path), Optional.empty(), Optional.empty());
  }

  /** A file on disk whose size and digest the caller has verified. */
  public static ResourceFile verified(String name, Path path, long sizeBytes, Digest digest) {
    return new ResourceFile(
        name, sizeBytes, digest, Optional.of(path), Optional.empty(), Optional.empty());
  }

  /**
   * A file of which only the digest is known here; it can be used where the content is already, for
   * instance at an agent to which somebody has sent it.
   */
  public static ResourceFile ofDigest(String name, Digest digest) {
    return new ResourceFile(
        name, UNKNOWN_SIZE, digest, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * A file that whoever does the work may fetch from a URL, if its operator allows that. Nobody
   * here fetches it.
   */
  public static ResourceFile ofUrl(String name, URI url, Digest digest) {
    return new ResourceFile(
        name, UNKNOWN_SIZE, digest, Optional.empty(), Optional.empty(), Optional.of(url));
  }

  /** A file in memory; the buffer is shared, and {@link #sync} follows a change of it. */
  public static ResourceFile ofBytes(String name, ByteBuffer content) {
    ByteBuffer data = content.slice().asReadOnlyBuffer();
    MessageDigest sha256 = Digest.sha256();
    sha256.update(data.duplicate());
    return new ResourceFile(
        name,
        data.remaining(),
        Digest.of(sha256),
        Optional.empty(),
        Optional.of(data),
        Optional.empty());
  }

  /** The relative name within the resource. */
  public String name() {
    return name;
  }

  /**
   * The same file with the content that it has now: read again where it is here, as it is where
   * only its digest is known.
   */
  public ResourceFile sync() {
    return content
        .map(data -> ofBytes(name, data))
        .or(() -> path.map(file -> read(name, file)))
        .filter(now -> !now.digest.equals(digest))
        .orElse(this);
  }

  /** Whether the content can be read on this side. */
  public boolean isHere() {
    return path.isPresent() || content.isPresent();
  }

  /** Bytes of content, or {@link #UNKNOWN_SIZE}. */
  public long sizeBytes() {
    return sizeBytes;
  }

  /** The SHA-256 of the content. */
  public Digest digest() {
    return digest;
  }

  /** Where the content lies on this side's disk, if it does. */
  public Optional<Path> path() {
    return path;
  }

  /** Where the content may be fetched from, if anybody may. */
  public Optional<URI> url() {
    return url;
  }

  /**
   * The content from byte {@code offset} on; the caller closes the stream.
   *
   * @throws VaccelException {@link Reason#CONTENT_MISSING} when only the digest is known here
   */
  public InputStream open(long offset) throws IOException {
    if (!isHere()) {
      throw new VaccelException(
              Reason.CONTENT_MISSING, "of file '" + name + "' only the digest is known here")
          .with("digest", digest);
    }
    if (content.isPresent()) {
      ByteBuffer rest = content.get().duplicate();
      rest.position((int) Math.min(offset, rest.limit()));
      return new ByteBufferInputStream(rest);
    }
    InputStream in = Files.newInputStream(path.orElseThrow());
    try {
      in.skipNBytes(offset);
      return in;
    } catch (IOException e) {
      in.close();
      throw e;
    }
  }

  /**
   * The whole content in memory.
   *
   * @param limitBytes the most that the caller is ready to hold
   * @throws VaccelException {@link Reason#QUOTA_EXCEEDED} when the file is larger, {@link
   *     Reason#CONTENT_MISMATCH} when it has shrunk
   */
  public byte[] readAll(long limitBytes) {
    if (sizeBytes > limitBytes) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED,
          "file '" + name + "' has " + sizeBytes + " bytes, the limit is " + limitBytes);
    }
    if (sizeBytes > MAX_ARRAY) {
      throw new VaccelException(
          Reason.QUOTA_EXCEEDED,
          "file '" + name + "' has " + sizeBytes + " bytes, more than one array can hold");
    }
    byte[] all;
    try (InputStream in = open(0)) {
      all = in.readNBytes((int) Math.max(0, sizeBytes));
    } catch (IOException e) {
      throw new VaccelException(Reason.FILE_NOT_FOUND, "cannot read file '" + name + "'", e);
    }
    if (all.length != sizeBytes) {
      throw new VaccelException(
          Reason.CONTENT_MISMATCH,
          "file '" + name + "' had " + sizeBytes + " bytes and has now " + all.length);
    }
    return all;
  }

  @Override
  public String toString() {
    String size = sizeBytes == UNKNOWN_SIZE ? "" : sizeBytes + " bytes, ";
    return name + " (" + size + "sha256 " + digest.abbreviated() + ")";
  }
}
