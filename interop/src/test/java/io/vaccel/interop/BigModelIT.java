package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.interop.Programs.Finished;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
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

  /** A table of this shape is 4 KiB smaller than 2 GiB, which no ONNX file may exceed. */
  private static final long ROWS = (1L << 19) - 1;

  private static final long NEEDED_KILOBYTES = 7L << 20;
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

  /** The engine holds the weights twice while it loads them, which is its way. */
  @Test
  void modelOfNearlyTwoGigabytes_isLoadedAndRun_withSmallHeaps() throws IOException {
    assumeTrue(
        directory.toFile().getUsableSpace() > NEEDED_DISK,
        "needs 5 GiB of free disk for temporary files");
    assumeTrue(
        kilobytes(Path.of("/proc/meminfo"), "MemAvailable:") > NEEDED_KILOBYTES,
        "needs 7 GiB of free memory, most of it for the engine");
    Path model = LookupModel.write(directory.resolve("lookup.onnx"), ROWS);
    assertThat(Files.size(model)).isBetween(Integer.MAX_VALUE - 8192L, (long) Integer.MAX_VALUE);
    Path index = directory.resolve("index.npy");
    Files.write(index, npyOf(ROWS - 1));
    String endpoint = "unix:" + directory.resolve("a.sock");
    try (RunningAgent agent = RunningAgent.start(directory, SMALL_HEAP, endpoint)) {
      Path row = directory.resolve("row.npy");
      Finished guest =
          Programs.run(
              directory,
              SMALL_HEAP,
              Programs.GUEST,
              "run",
              "--plugins=vsock",
              "--timeout=10m",
              "--agent",
              endpoint,
              "--model",
              model,
              "--input",
              "index=" + index,
              "--out",
              row);
      assertThat(guest.status()).as(guest.err()).isZero();
      ByteBuffer values = ByteBuffer.wrap(Files.readAllBytes(row)).order(ByteOrder.LITTLE_ENDIAN);
      assertThat(values.getFloat(values.limit() - Float.BYTES)).isEqualTo(LookupModel.LAST);
      assertThat(values.getFloat(values.limit() - 2 * Float.BYTES)).isZero();
      assertThat(peakKilobytes(agent.pid())).isLessThan(NEEDED_KILOBYTES);
      assertThat(agent.stop()).isZero();
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
    return kilobytes(Path.of("/proc/" + pid + "/status"), "VmHWM:");
  }

  /** A NumPy file of one INT64. */
  private static byte[] npyOf(long value) {
    String header = "{'descr': '<i8', 'fortran_order': False, 'shape': (1,), }";
    int length = 128 - 10;
    return ByteBuffer.allocate(128 + Long.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("\u0093NUMPY\1\0".getBytes(StandardCharsets.ISO_8859_1))
        .putShort((short) length)
        .put(
            (header + " ".repeat(length - 1 - header.length()) + "\n")
                .getBytes(StandardCharsets.US_ASCII))
        .putLong(value)
        .array();
  }

  private static long kilobytes(Path file, String name) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.replaceAll("\\D", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow();
  }
}
