package io.vaccel.backend.exec.child;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The kernel's limits on this process; see setrlimit(2). They cannot be raised again. */
final class Limits {
  private static final int CPU = 0;
  private static final int FILE_SIZE = 1;
  private static final int CORE = 4;
  private static final int TASKS = 6;
  private static final int DESCRIPTORS = 7;
  private static final int LOCKED_MEMORY = 8;
  private static final int ADDRESS_SPACE = 9;
  private static final int QUEUED_SIGNALS = 11;

  private static final int PAGE = 4096;

  private Limits() {}

  /** Sets all of them. */
  static void set(Job job) throws IOException {
    long used = ProcessHandle.current().info().totalCpuDuration().orElseThrow().toSeconds();
    // At the soft limit the process ends with a signal of its own; a second later in any case.
    limit(CPU, used + job.cpuSeconds(), used + job.cpuSeconds() + 1);
    limit(FILE_SIZE, 0, 0);
    limit(CORE, 0, 0);
    limit(TASKS, job.tasks(), job.tasks());
    limit(DESCRIPTORS, job.descriptors(), job.descriptors());
    limit(LOCKED_MEMORY, 0, 0);
    limit(QUEUED_SIGNALS, 64, 64);
    long memory = addressSpace() + job.memoryBytes();
    limit(ADDRESS_SPACE, memory, memory);
  }

  private static long addressSpace() throws IOException {
    String pages = Files.readString(Path.of("/proc/self/statm"));
    return Long.parseLong(pages.substring(0, pages.indexOf(' '))) * PAGE;
  }

  private static void limit(int resource, long soft, long hard) {
    try (Memory both = new Memory(16)) {
      both.setLong(0, soft);
      both.setLong(8, hard);
      if (Libc.setrlimit(resource, both) != 0) {
        throw new IllegalStateException("limit " + resource + " cannot be set: " + Libc.failure());
      }
    }
  }
}
