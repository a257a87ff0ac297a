package io.vaccel.agent;

import io.vaccel.Digest;
import io.vaccel.agent.ContentFiles.Found;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * What the store holds, in the order of its last use, and what goes when there is no room; guarded
 * by its store's lock.
 */
final class ContentIndex {
  private final ContentFiles files;
  private final Quota quota;
  private final StoreSpace space;

  /** In the order of their last use. */
  private final Map<Digest, Held> contents = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<PartialKey, Partial> partials = new LinkedHashMap<>();

  ContentIndex(ContentFiles files, Quota quota) {
    this.files = files;
    this.quota = quota;
    this.space = new StoreSpace(quota);
  }

  /** A complete content; while it has pins it stays. */
  static final class Held {
    final String owner;
    final long sizeBytes;
    int pins;

    Held(String owner, long sizeBytes) {
      this.owner = owner;
      this.sizeBytes = sizeBytes;
    }
  }

  /** What has arrived of a content that one peer uploads. */
  static final class Partial {
    long length;
    long writtenNanos;
    Optional<ContentUpload> writer = Optional.empty();
  }

  /** Whose upload of what. */
  record PartialKey(String owner, Digest digest) {}

  /** Learns what is on disk. */
  void load(long nowNanos) throws IOException {
    List<Found> found = files.contents();
    found.sort(Comparator.comparingLong(Found::modifiedMillis));
    for (Found file : found) {
      contents.put(file.digest(), new Held(file.owner(), file.sizeBytes()));
      space.add(file.owner(), file.sizeBytes());
    }
    long now = System.currentTimeMillis();
    for (Found file : files.partials(now - quota.get(Limit.PARTIAL_AGE))) {
      Partial partial = new Partial();
      partial.length = file.sizeBytes();
      partial.writtenNanos = nowNanos - TimeUnit.MILLISECONDS.toNanos(now - file.modifiedMillis());
      partials.put(new PartialKey(file.owner(), file.digest()), partial);
      space.add(file.owner(), file.sizeBytes());
    }
  }

  StoreSpace space() {
    return space;
  }

  Map<PartialKey, Partial> partials() {
    return partials;
  }

  /** A content, unless somebody took its file away. */
  Optional<Held> held(Digest digest) {
    Held held = contents.get(digest);
    if (held == null) {
      return Optional.empty();
    }
    if (held.pins == 0 && !Files.isRegularFile(files.content(digest))) {
      contents.remove(digest);
      space.remove(held.owner, held.sizeBytes);
      return Optional.empty();
    }
    return Optional.of(held);
  }

  /** Adds a content whose bytes are counted already. */
  void add(Digest digest, Held held) {
    contents.put(digest, held);
  }

  /** What this upload has brought so far, if it may be continued. */
  Optional<Partial> partial(ContentUpload upload) {
    return Optional.ofNullable(partials.get(new PartialKey(upload.owner(), upload.digest())))
        .filter(partial -> partial.writer.filter(upload::equals).isPresent());
  }

  void forget(ContentUpload upload) {
    if (partial(upload).isPresent()) {
      partials.remove(new PartialKey(upload.owner(), upload.digest()));
    }
  }

  /** Makes room for one more file. */
  void requireRoomForFile() {
    long most = quota.get(Limit.STORE_FILES);
    while (contents.size() + partials.size() >= most) {
      if (!evictOne(anybody -> true)) {
        throw Limit.STORE_FILES.exceeded(most, most + 1);
      }
    }
  }

  /** Makes room for bytes and counts them. */
  void reserve(String owner, long bytes) {
    while (!space.forOwner(owner, bytes)) {
      if (!evictOne(owner::equals)) {
        long most = quota.get(Limit.STORE_BYTES_PER_PEER);
        throw Limit.STORE_BYTES_PER_PEER.exceeded(most, space.used(owner) + bytes);
      }
    }
    while (!space.overall(bytes)) {
      if (!evictOne(anybody -> true)) {
        throw Limit.STORE_BYTES.exceeded(quota.get(Limit.STORE_BYTES), space.used() + bytes);
      }
    }
    space.add(owner, bytes);
  }

  /** Drops broken uploads that nobody continues and that were last written before {@code nanos}. */
  void dropPartialsBefore(long nanos) {
    evictPartials(all -> true, partial -> partial.writtenNanos - nanos < 0, Integer.MAX_VALUE);
  }

  private boolean evictOne(Predicate<String> owner) {
    Iterator<Map.Entry<Digest, Held>> eldest = contents.entrySet().iterator();
    while (eldest.hasNext()) {
      Map.Entry<Digest, Held> entry = eldest.next();
      Held held = entry.getValue();
      if (held.pins == 0 && owner.test(held.owner)) {
        eldest.remove();
        space.remove(held.owner, held.sizeBytes);
        delete(files.content(entry.getKey()));
        ContentStore.LOG.info(
            "evicted digest={} bytes={}", entry.getKey().abbreviated(), held.sizeBytes);
        return true;
      }
    }
    return evictPartials(owner, any -> true, 1) > 0;
  }

  private int evictPartials(Predicate<String> owner, Predicate<Partial> which, int most) {
    int evicted = 0;
    Iterator<Map.Entry<PartialKey, Partial>> eldest = partials.entrySet().iterator();
    while (eldest.hasNext() && evicted < most) {
      Map.Entry<PartialKey, Partial> entry = eldest.next();
      PartialKey key = entry.getKey();
      Partial partial = entry.getValue();
      if (partial.writer.isEmpty() && owner.test(key.owner()) && which.test(partial)) {
        eldest.remove();
        space.remove(key.owner(), partial.length);
        delete(files.partial(key.owner(), key.digest()));
        evicted++;
      }
    }
    return evicted;
  }

  static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      ContentStore.LOG.warn("deleting a file of the content store failed", e);
    }
  }
}
