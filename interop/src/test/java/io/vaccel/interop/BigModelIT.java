package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.interop.Programs.Finished;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A model with a file beyond 2 GiB goes through a guest and an agent with heaps of 256 MiB, once.
 */
final class BigModelIT {
  private static final long SIZE = (2L << 30) + 1;
  private static final long NEEDED_DISK = 5L << 30;
  private static final Map<String, String> SMALL_HEAP = Map.of("VACCEL_JAVA_OPTS", "-Xmx256m");

  /** What an agent takes beside its heap: the engine, its model, threads, and the JVM itself. */
  private static final long MOST_KILOBYTES = 900 << 10;

  @TempDir private Path directory;

  @Test
  void modelBeyondTwoGigabytes_travelsOnce_inBoundedMemory() throws IOException {
    assumeTrue(
        directory.toFile().getUsableSpace() > NEEDED_DISK,
        "needs 5 GiB of free disk for temporary files");
    Path model = bigModel();
    String endpoint = "unix:" + directory.resolve("a.sock");
    try (RunningAgent agent = RunningAgent.start(directory, SMALL_HEAP, endpoint)) {
      JsonObject first = classify(model, endpoint);
      assertThat(first.get("uploadedBytes").getAsLong()).isGreaterThan(SIZE);
      assertThat(first.toString()).contains("espresso");

      JsonObject second = classify(model, endpoint);
      assertThat(second.get("uploadedBytes").getAsLong()).isZero();
      assertThat(second.toString()).contains("espresso");

      assertThat(peakKilobytes(agent.pid())).isLessThan(MOST_KILOBYTES);
    }
  }

  private JsonObject classify(Path model, String endpoint) {
    Finished guest =
        Programs.run(
            directory,
            SMALL_HEAP,
            Programs.GUEST,
            "classify",
            "--plugins=vsock",
            "--timeout=10m",
            "--agent",
            endpoint,
            "--model",
            model,
            "--json",
            Programs.PHOTOS.resolve("coffee.jpg"));
    assertThat(guest.status()).as(guest.err()).isZero();
    return JsonParser.parseString(guest.out()).getAsJsonObject();
  }

  /** The sample model with one more file, which holds nothing but its last byte. */
  private Path bigModel() throws IOException {
    for (String file : new String[] {".onnx", ".json", ".labels.txt"}) {
      Path sample = Programs.MODEL.resolveSibling("efficientnet-lite0" + file);
      if (Files.exists(sample)) {
        Files.copy(sample, directory.resolve(sample.getFileName()));
      }
    }
    Path weights = directory.resolve("efficientnet-lite0.data");
    try (FileChannel sparse =
        FileChannel.open(weights, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      sparse.write(ByteBuffer.wrap(new byte[] {1}), SIZE - 1);
    }
    return directory.resolve("efficientnet-lite0.onnx");
  }

  /** The most memory that the process ever had. */
  private static long peakKilobytes(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }
}
