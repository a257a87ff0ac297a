package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreTest {
  private static final String PEER = "vsock:3";
  private static final String OTHER = "vsock:4";

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private ContentStore store;

  @BeforeEach
  void open() throws IOException {
    open(Quota.defaults());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void upload_becomesContentThatOnlyTheAgentCanRead() throws IOException {
    byte[] content = random(300_000);
    Digest digest = put(PEER, content);

    assertThat(store.status(OTHER, digest)).isEqualTo(new ContentStatus(true, content.length));
    try (ContentPin pin = store.pin(digest, content.length)) {
      assertThat(Files.readAllBytes(pin.path())).isEqualTo(content);
      assertThat(mode(pin.path())).isEqualTo("rw-------");
      assertThat(mode(pin.path().getParent())).isEqualTo("rwx------");
    }
    assertThat(store.upload(PEER, digest, content.length, 0)).isEmpty();
  }

  @Test
  void emptyContent_isContent() {
    assertThat(store.status(PEER, put(PEER, new byte[0])).complete()).isTrue();
  }

  @Test
  void brokenUpload_continuesWhereItStopped() {
    byte[] content = random(100_000);
    Digest digest = digest(content);
    ContentUpload first = begin(PEER, content, 0);
    first.write(ByteBuffer.wrap(content, 0, 40_000));
    first.close();

    assertThat(store.status(PEER, digest)).isEqualTo(new ContentStatus(false, 40_000));
    ContentUpload second = begin(PEER, content, 40_000);
    second.write(ByteBuffer.wrap(content, 40_000, 60_000));
    assertThat(second.finish()).isEqualTo(100_000);
    assertThat(store.status(PEER, digest).complete()).isTrue();
    assertThat(store.usedBytes()).isEqualTo(100_000);
  }

  @Test
  void brokenUpload_continuesAfterRestart() throws IOException {
    byte[] content = random(100_000);
    ContentUpload first = begin(PEER, content, 0);
    first.write(ByteBuffer.wrap(content, 0, 70_000));
    store.close();

    open(Quota.defaults());

    assertThat(store.status(PEER, digest(content)).receivedBytes()).isEqualTo(70_000);
    assertThat(store.usedBytes()).isEqualTo(70_000);
    ContentUpload second = begin(PEER, content, 70_000);
    second.write(ByteBuffer.wrap(content, 70_000, 30_000));
    assertThat(second.finish()).isEqualTo(100_000);
  }

  @Test
  void wrongOffset_saysTheRightOne() {
    byte[] content = random(100);
    ContentUpload first = begin(PEER, content, 0);
    first.write(ByteBuffer.wrap(content, 0, 40));
    first.close();

    VaccelException error = error(() -> begin(PEER, content, 50));

    assertThat(error.reason()).isEqualTo(Reason.OFFSET_MISMATCH);
    assertThat(error.details()).containsEntry("received_bytes", "40");
  }

  @Test
  void wrongBytes_areRefusedAndForgotten() throws IOException {
    byte[] content = random(1_000);
    ContentUpload upload = begin(PEER, content, 0);
    upload.write(ByteBuffer.wrap(random(999)));
    upload.write(ByteBuffer.wrap(new byte[1]));

    assertThat(error(upload::finish).reason()).isEqualTo(Reason.CONTENT_MISMATCH);

    assertThat(store.status(PEER, digest(content))).isEqualTo(ContentStatus.MISSING);
    assertThat(store.usedBytes()).isZero();
    assertThat(filesBelow("partial")).isEmpty();
    assertThat(filesBelow("content")).isEmpty();
  }

  @Test
  void moreBytesThanAnnounced_areRefusedBeforeTheyAreStored() {
    ContentUpload upload = begin(PEER, random(10), 0);

    assertThat(error(() -> upload.write(ByteBuffer.wrap(random(11)))).reason())
        .isEqualTo(Reason.CONTENT_MISMATCH);
    assertThat(store.usedBytes()).isZero();
  }

  @Test
  void fewerBytesThanAnnounced_areKeptForContinuation() {
    byte[] content = random(10);
    ContentUpload upload = begin(PEER, content, 0);
    upload.write(ByteBuffer.wrap(content, 0, 9));

    assertThat(error(upload::finish).reason()).isEqualTo(Reason.CONTENT_MISMATCH);
    assertThat(store.status(PEER, digest(content)).receivedBytes()).isEqualTo(9);
  }

  @Test
  void impossibleSizesAndOffsets_areRefused() {
    Digest digest = digest(random(1));
    assertThat(error(() -> store.upload(PEER, digest, -1, 0)).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(error(() -> store.upload(PEER, digest, 10, -1)).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(error(() -> store.upload(PEER, digest, 10, 11)).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(error(() -> store.upload(PEER, digest, Long.MAX_VALUE, 0)).reason())
        .isEqualTo(Reason.QUOTA_EXCEEDED);
  }

  @Test
  void twoUploadsOfTheSameContent_bothSucceed() throws IOException {
    byte[] content = random(50_000);
    ContentUpload first = begin(PEER, content, 0);
    first.write(ByteBuffer.wrap(content, 0, 25_000));
    assertThat(store.status(PEER, digest(content)).receivedBytes())
        .describedAs("what is being written is not offered for continuation")
        .isZero();
    ContentUpload second = begin(PEER, content, 0);
    second.write(ByteBuffer.wrap(content));
    first.write(ByteBuffer.wrap(content, 25_000, 25_000));

    assertThat(second.finish()).isEqualTo(50_000);
    assertThat(first.finish()).isEqualTo(50_000);

    assertThat(store.usedBytes()).isEqualTo(50_000);
    assertThat(filesBelow("partial")).isEmpty();
  }

  @Test
  void manyUploadsAtOnce_allSucceed() throws Exception {
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      contents.add(random(200_000 + i));
    }
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Callable<Digest>> uploads = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        byte[] content = contents.get(i % contents.size());
        String peer = i % 3 == 0 ? PEER : OTHER;
        uploads.add(() -> put(peer, content));
      }
      for (Future<Digest> done : threads.invokeAll(uploads)) {
        assertThat(store.status(PEER, done.get()).complete()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(store.usedBytes()).isEqualTo(contents.stream().mapToLong(c -> c.length).sum());
    assertThat(filesBelow("partial")).isEmpty();
    assertThat(filesBelow("content")).hasSize(4);
  }

  @Test
  void stalledUpload_isTakenOver() {
    byte[] content = random(1_000);
    ContentUpload silent = begin(PEER, content, 0);
    silent.write(ByteBuffer.wrap(content, 0, 400));
    clock.advance(Duration.ofSeconds(6));

    assertThat(store.status(PEER, digest(content)).receivedBytes()).isEqualTo(400);
    ContentUpload second = begin(PEER, content, 400);
    second.write(ByteBuffer.wrap(content, 400, 600));
    assertThat(error(() -> silent.write(ByteBuffer.wrap(content, 400, 600))).reason())
        .isEqualTo(Reason.OFFSET_MISMATCH);

    assertThat(second.finish()).isEqualTo(1_000);
  }

  @Test
  void anotherPeersPartial_isInvisibleAndCannotSpoilOurs() {
    byte[] content = random(1_000);
    ContentUpload poison = begin(OTHER, content, 0);
    poison.write(ByteBuffer.wrap(new byte[500]));
    poison.close();

    assertThat(store.status(PEER, digest(content))).isEqualTo(ContentStatus.MISSING);
    assertThat(store.status(PEER, put(PEER, content)).complete()).isTrue();
  }

  @Test
  void fullStore_dropsTheLeastRecentlyUsed() throws IOException {
    reopen(Quota.defaults().with(Limit.STORE_BYTES, 300));
    Digest oldest = put(PEER, random(100));
    Digest used = put(PEER, random(101));
    store.pin(oldest, 100).close();

    put(OTHER, random(150));

    assertThat(store.status(PEER, oldest).complete()).isTrue();
    assertThat(store.status(PEER, used).complete()).isFalse();
    assertThat(store.usedBytes()).isEqualTo(250);
  }

  @Test
  void pinnedContent_staysEvenWhenTheStoreIsFull() throws IOException {
    reopen(Quota.defaults().with(Limit.STORE_BYTES, 300));
    Digest digest = put(PEER, random(200));
    ContentPin pin = store.pin(digest, 200);

    VaccelException error = error(() -> put(OTHER, random(150)));

    assertThat(error.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(error.details()).containsEntry("quota", "store-bytes").containsEntry("limit", "300");
    assertThat(store.status(PEER, digest).complete()).isTrue();
    pin.close();
    assertThat(store.status(PEER, put(OTHER, random(150))).complete()).isTrue();
  }

  @Test
  void peerOverItsShare_dropsItsOwnOnly() throws IOException {
    reopen(Quota.defaults().with(Limit.STORE_BYTES_PER_PEER, 250));
    Digest others = put(OTHER, random(200));
    Digest first = put(PEER, random(201));

    put(PEER, random(202));

    assertThat(store.status(PEER, first).complete()).isFalse();
    assertThat(store.status(PEER, others).complete()).isTrue();
    assertThat(error(() -> put(PEER, random(251))).details())
        .containsEntry("quota", "store-bytes-per-peer");
  }

  @Test
  void tooManyFiles_dropTheOldest() throws IOException {
    reopen(Quota.defaults().with(Limit.STORE_FILES, 3));
    Digest first = put(PEER, random(1));
    for (int i = 2; i < 10; i++) {
      put(PEER, random(i));
    }
    assertThat(store.status(PEER, first).complete()).isFalse();
    assertThat(filesBelow("content")).hasSize(3);
  }

  @Test
  void fullDisk_isAQuota() throws IOException {
    reopen(Quota.defaults().with(Limit.FREE_DISK_BYTES, Long.MAX_VALUE));

    assertThat(error(() -> put(PEER, random(100))).reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
    assertThat(store.usedBytes()).isZero();
  }

  @Test
  void missingContent_cannotBePinned() {
    assertThat(error(() -> store.pin(digest(random(1)), 1)).reason())
        .isEqualTo(Reason.CONTENT_MISSING);
    Digest digest = put(PEER, random(10));
    assertThat(error(() -> store.pin(digest, 11)).reason()).isEqualTo(Reason.CONTENT_MISMATCH);
  }

  @Test
  void contentWhoseFileIsGone_isMissing() throws IOException {
    Digest digest = put(PEER, random(10));
    Files.delete(directory.resolve("content").resolve(digest.hex()));

    assertThat(store.status(PEER, digest)).isEqualTo(ContentStatus.MISSING);
    assertThat(store.usedBytes()).isZero();
  }

  @Test
  void secondAgent_cannotUseTheSameDirectory() {
    assertThatThrownBy(() -> ContentStore.open(directory, Quota.defaults(), clock))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("in use by another agent");
  }

  @Test
  void leftovers_areRemovedAtStart() throws IOException {
    Digest kept = put(PEER, random(10));
    store.close();
    Path partial = directory.resolve("partial");
    Files.write(partial.resolve("0123.tmp"), random(10));
    Path old = Files.write(partial.resolve("0123456789abcdef-" + kept.hex()), random(10));
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(25))));
    Files.write(directory.resolve("content").resolve("strange"), random(10));

    open(Quota.defaults());

    assertThat(filesBelow("partial")).isEmpty();
    assertThat(filesBelow("content")).containsExactly(kept.hex());
    assertThat(store.usedBytes()).isEqualTo(10);
  }

  @Test
  void brokenUpload_isForgottenAfterAWhile() {
    byte[] content = random(100);
    ContentUpload upload = begin(PEER, content, 0);
    upload.write(ByteBuffer.wrap(content, 0, 50));
    upload.close();
    clock.advance(Duration.ofHours(23));
    store.reap();
    assertThat(store.usedBytes()).isEqualTo(50);

    clock.advance(Duration.ofHours(2));
    store.reap();

    assertThat(store.usedBytes()).isZero();
    assertThat(store.status(PEER, digest(content))).isEqualTo(ContentStatus.MISSING);
  }

  private void open(Quota quota) throws IOException {
    store = ContentStore.open(directory, quota, clock);
  }

  private void reopen(Quota quota) throws IOException {
    store.close();
    open(quota);
  }

  private ContentUpload begin(String peer, byte[] content, long offset) {
    return store.upload(peer, digest(content), content.length, offset).orElseThrow();
  }

  private Digest put(String peer, byte[] content) {
    store
        .upload(peer, digest(content), content.length, 0)
        .ifPresent(
            upload -> {
              try (upload) {
                upload.write(ByteBuffer.wrap(content));
                upload.finish();
              }
            });
    return digest(content);
  }

  private List<String> filesBelow(String child) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(child))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static VaccelException error(ThrowingCallable call) {
    return catchThrowableOfType(VaccelException.class, call);
  }

  private static Digest digest(byte[] content) {
    return new Digest(TestClient.digest(content));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
