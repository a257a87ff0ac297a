package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an agent's process holds.
 *
 * @param heapBytes objects that are in use
 * @param residentBytes memory of the process, native memory included
 * @param descriptors open files and sockets
 */
record AgentMemory(long heapBytes, long residentBytes, long descriptors) {

  /** What it holds now. */
  static AgentMemory of(RunningAgent agent) {
    // The first collection lets cleaners of native memory run, which free further objects.
    liveBytes(agent);
    return new AgentMemory(liveBytes(agent), residentBytes(agent), agent.descriptors());
  }

  private static long residentBytes(RunningAgent agent) {
    try (Stream<String> status = Files.lines(Path.of("/proc/" + agent.pid() + "/status"))) {
      return status
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Collects the garbage, and counts what is left. */
  private static long liveBytes(RunningAgent agent) {
    try {
      Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
      Process histogram =
          new ProcessBuilder(jcmd.toString(), Long.toString(agent.pid()), "GC.class_histogram")
              .redirectErrorStream(true)
              .start();
      String text = new String(histogram.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      List<String> total = text.lines().filter(line -> line.startsWith("Total")).toList();
      assertThat(total).as(text).hasSize(1);
      String[] columns = total.get(0).trim().split("\\s+");
      return Long.parseLong(columns[2]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
