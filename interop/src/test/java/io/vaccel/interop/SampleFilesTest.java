package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files in {@code samples/} are the recorded ones, all of them and no others. */
final class SampleFilesTest {

  /** What a hosting service takes without special arrangements, and the samples promise. */
  private static final long MAX_FILE_BYTES = 20_000_000;

  private static final long MAX_PHOTO_BYTES = 300_000;

  private static final Path SAMPLES = Path.of(System.getProperty("vaccel.samples"));

  @Test
  void everyModelAndPhotograph_hasItsRecordedDigest() throws Exception {
    assertThat(digests()).isEqualTo(recorded()).isNotEmpty();
  }

  @Test
  void everyFile_isSmallEnoughToShip() throws IOException {
    for (Path file : files()) {
      long limit = file.getParent().endsWith("photos") ? MAX_PHOTO_BYTES : MAX_FILE_BYTES;
      assertThat(Files.size(file)).as(file.toString()).isBetween(1L, limit);
    }
  }

  @Test
  void labels_areAThousandAndDiffer() throws IOException {
    Path file = SAMPLES.resolve("models/efficientnet-lite0.labels.txt");
    assertThat(Files.readAllLines(file, StandardCharsets.UTF_8))
        .hasSize(1000)
        .doesNotHaveDuplicates()
        .startsWith("tench", "goldfish");
  }

  private static Map<String, String> recorded() throws IOException {
    Map<String, String> digests = new TreeMap<>();
    for (String line : Files.readAllLines(SAMPLES.resolve("SHA256SUMS"))) {
      String[] parts = line.split("  ", 2);
      digests.put(parts[1], parts[0]);
    }
    return digests;
  }

  private static Map<String, String> digests() throws IOException, NoSuchAlgorithmException {
    Map<String, String> digests = new TreeMap<>();
    for (Path file : files()) {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      String name = SAMPLES.relativize(file).toString().replace('\\', '/');
      digests.put(name, HexFormat.of().formatHex(digest));
    }
    return digests;
  }

  private static Path[] files() throws IOException {
    try (Stream<Path> models = Files.list(SAMPLES.resolve("models"));
        Stream<Path> photos = Files.list(SAMPLES.resolve("photos"))) {
      return Stream.concat(models, photos).toArray(Path[]::new);
    }
  }
}
