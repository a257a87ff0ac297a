package io.vaccel.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What the figures were measured on.
 *
 * @param cpu the model of the processor, as the kernel names it
 * @param cores that this program may use
 * @param memoryMiB of the machine
 * @param kernel name and version
 * @param jdk vendor and version of the JVM
 * @param loadAverage processes that wanted a core in the minute before the start, on average;
 *     negative when the system does not say
 */
record Machine(
    String cpu, int cores, long memoryMiB, String kernel, String jdk, double loadAverage) {

  /** This one, now. */
  static Machine here() {
    var system = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    return new Machine(
        field("/proc/cpuinfo", "model name", "unknown processor"),
        Runtime.getRuntime().availableProcessors(),
        Long.parseLong(field("/proc/meminfo", "MemTotal", "0").replaceAll("\\D", "")) / 1024,
        system.getName() + " " + system.getVersion(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        system.getSystemLoadAverage());
  }

  /** Whether others wanted more than half of the cores before the start. */
  boolean isBusy() {
    return loadAverage > cores / 2.0;
  }

  /** The value of the first line {@code name: value} of a file of the kernel. */
  private static String field(String file, String name, String otherwise) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name) && line.contains(":"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(otherwise);
    } catch (IOException e) {
      return otherwise;
    }
  }
}
