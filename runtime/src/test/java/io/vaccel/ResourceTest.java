package io.vaccel;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResourceTest {
  private static final String ABC_SHA256 =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir Path directory;

  @Test
  void fileOnDiskAndInMemory_haveTheSameDigest() throws Exception {
    Path file = write("abc.bin", "abc");
    ResourceFile onDisk = ResourceFile.read("a/b", file);
    ResourceFile inMemory = ResourceFile.ofBytes("a/b", ByteBuffer.wrap("abc".getBytes(UTF_8)));
    assertThat(onDisk.digest()).isEqualTo(inMemory.digest()).hasToString(ABC_SHA256);
    assertThat(onDisk.sizeBytes()).isEqualTo(inMemory.sizeBytes()).isEqualTo(3);
    assertThat(onDisk.readAll(3)).isEqualTo(inMemory.readAll(3));
    assertThat(onDisk).hasToString("a/b (3 bytes, sha256 ba7816bf8f01)");
  }

  @Property
  void content_isReadFromAnyOffset(@ForAll byte[] bytes, @ForAll @IntRange(max = 50) int offset)
      throws IOException {
    ResourceFile file = ResourceFile.ofBytes("f", ByteBuffer.wrap(bytes));
    int from = Math.min(offset, bytes.length);
    try (InputStream in = file.open(from)) {
      byte[] rest = in.readAllBytes();
      assertThat(rest).isEqualTo(java.util.Arrays.copyOfRange(bytes, from, bytes.length));
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void contentOnDisk_isReadFromAnOffset() throws Exception {
    try (InputStream in = ResourceFile.read("f", write("f", "abcdef")).open(4)) {
      assertThat(in.readAllBytes()).isEqualTo("ef".getBytes(UTF_8));
    }
  }

  @Test
  void fileOverTheLimit_isNotRead() throws Exception {
    ResourceFile file = ResourceFile.read("f", write("f", "abcdef"));
    assertThat(Failures.of(() -> file.readAll(5)))
        .hasMessage("file 'f' has 6 bytes, the limit is 5");
  }

  @Test
  void fileOverTwoGigabytes_isNotReadIntoOneArray() {
    ResourceFile huge = ResourceFile.verified("f", directory, 5L << 30, new Digest(ABC_SHA256));
    assertThat(Failures.of(() -> huge.readAll(Long.MAX_VALUE)).reason())
        .isEqualTo(Reason.QUOTA_EXCEEDED);
  }

  @Test
  void fileThatShrank_isNoticed() throws Exception {
    Path path = write("f", "abcdef");
    ResourceFile file = ResourceFile.read("f", path);
    Files.writeString(path, "abc");
    VaccelException failure = Failures.of(() -> file.readAll(100));
    assertThat(failure.reason()).isEqualTo(Reason.CONTENT_MISMATCH);
    assertThat(failure).hasMessage("file 'f' had 6 bytes and has now 3");
  }

  @Test
  void missingFile_directory_andBadName_areRefused() {
    assertThat(Failures.of(() -> ResourceFile.read("f", directory.resolve("none"))))
        .hasMessage("no such file: " + directory.resolve("none"));
    assertThat(Failures.of(() -> ResourceFile.read("f", directory)))
        .hasMessage("not a regular file: " + directory);
    assertThat(Failures.of(() -> ResourceFile.read("../f", directory)).reason())
        .isEqualTo(Reason.NAME_INVALID);
  }

  @Test
  void tree_isKeptAsATree_inStableOrder() throws Exception {
    write("b", "b");
    write("a/x/deep", "deep");
    write("a/y", "y");
    Resource resource = Resource.ofDirectory(ResourceKind.DATA, directory);
    assertThat(resource.files().stream().map(ResourceFile::name))
        .containsExactly("a/x/deep", "a/y", "b");
    assertThat(resource.sizeBytes()).isEqualTo(6);
    assertThat(resource.file("a/y")).isPresent();
    assertThat(resource.file("none")).isEmpty();
  }

  @Test
  void linkToADirectory_isNotWalked() throws Exception {
    write("tree/file", "x");
    Files.createSymbolicLink(directory.resolve("tree/up"), directory);
    assertThat(Resource.ofDirectory(ResourceKind.DATA, directory.resolve("tree")).files())
        .hasSize(1);
  }

  @Test
  void emptyOrMissingDirectory_isRefused() {
    assertThat(Failures.of(() -> Resource.ofDirectory(ResourceKind.DATA, directory)))
        .hasMessage("a resource needs at least one file");
    Path none = directory.resolve("none");
    assertThat(Failures.of(() -> Resource.ofDirectory(ResourceKind.DATA, none)))
        .hasMessage("cannot read " + none + ": no such file");
  }

  @Test
  void twoFilesOfOneName_areRefused() throws Exception {
    Path first = write("a/net.onnx", "1");
    Path second = write("b/net.onnx", "2");
    assertThat(Failures.of(() -> Resource.ofFiles(ResourceKind.DATA, first, second)))
        .hasMessage("two files are named 'net.onnx'");
  }

  @Test
  void tooManyFiles_areRefused() {
    ResourceFile one = ResourceFile.ofBytes("f", ByteBuffer.allocate(0));
    List<ResourceFile> many = java.util.Collections.nCopies(10_001, one);
    assertThat(Failures.of(() -> new Resource(ResourceKind.DATA, many)))
        .hasMessage("resource of 10001 files, the limit is 10000");
  }

  @Property
  void digest_isSixtyFourLowerCaseHexDigits(@ForAll String text) {
    if (text.matches("[0-9a-f]{64}")) {
      assertThat(new Digest(text)).hasToString(text);
    } else {
      assertThat(Failures.of(() -> new Digest(text)).reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    }
  }

  @Test
  void digestOfOtherForm_isRefused() {
    assertThat(new Digest(ABC_SHA256).abbreviated()).isEqualTo("ba7816bf8f01");
    for (String bad :
        List.of(
            ABC_SHA256.substring(1),
            ABC_SHA256 + "0",
            ABC_SHA256.toUpperCase(java.util.Locale.ROOT))) {
      assertThat(Failures.of(() -> new Digest(bad)).reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    }
  }

  private Path write(String name, String content) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content);
  }
}
