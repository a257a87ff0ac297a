package io.vaccel.backend.exec;

import io.vaccel.Settings;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What may be called, and what a call may take; the names of the settings and their defaults are in
 * the package's description.
 */
record ExecSettings(
    List<AllowedLibrary> libraries,
    long memoryBytes,
    int cpuSeconds,
    Duration wallTime,
    int descriptors,
    int processes,
    Optional<Path> directory) {
  static final String LIBRARIES = "VACCEL_EXEC_LIBRARIES";
  static final String MEMORY = "VACCEL_EXEC_MEMORY_BYTES";
  static final String CPU = "VACCEL_EXEC_CPU_SECONDS";
  static final String WALL = "VACCEL_EXEC_WALL_MILLIS";
  static final String DESCRIPTORS = "VACCEL_EXEC_DESCRIPTORS";
  static final String PROCESSES = "VACCEL_EXEC_PROCESSES";
  static final String DIRECTORY = "VACCEL_EXEC_DIRECTORY";

  /**
   * What these settings say.
   *
   * @throws VaccelException {@link io.vaccel.Reason#ARGUMENT_INVALID} naming the setting that is
   *     wrong
   */
  static ExecSettings of(Settings settings) {
    return new ExecSettings(
        libraries(settings.get(LIBRARIES).orElse("")),
        settings.number(MEMORY, 1L << 30, 1 << 20, 1L << 46),
        (int) settings.number(CPU, 60, 1, 1_000_000),
        Duration.ofMillis(settings.number(WALL, 60_000, 1, 1_000_000_000)),
        (int) settings.number(DESCRIPTORS, 64, 16, 1 << 20),
        (int) settings.number(PROCESSES, 8, 1, 1_000),
        settings.get(DIRECTORY).map(Path::of));
  }

  private static List<AllowedLibrary> libraries(String text) {
    return Arrays.stream(text.split("[\\s,]+"))
        .filter(entry -> !entry.isEmpty())
        .map(AllowedLibrary::parse)
        .toList();
  }
}
