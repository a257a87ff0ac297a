package io.vaccel.backend.exec.child;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Leaves this process, all its threads, the system calls of {@code syscalls.txt} and no others: no
 * sockets, no processes, no programs, nobody else's memory, no signals to others. It cannot be
 * undone.
 */
final class SystemCalls {
  private static final int SET_FILTER = 1;
  private static final int ALL_THREADS = 1;

  private static final int EPERM = 1;
  private static final int ENOSYS = 38;

  private static final int CLONE_THREAD = 0x10000;

  /** PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_GET_NO_NEW_PRIVS, PR_SET_VMA. */
  private static final int[] PRCTL = {15, 16, 3, 39, 0x53564d41};

  /** TCGETS, FIONREAD. */
  private static final int[] IOCTL = {0x5401, 0x541B};

  /** F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ. */
  private static final int[] FCNTL = {0, 1, 2, 3, 4, 1030, 1032};

  private final Abi abi;
  private final int pid;
  private final Filter filter = new Filter();

  private SystemCalls(Abi abi, int pid) {
    this.abi = abi;
    this.pid = pid;
  }

  /**
   * Applies the filter.
   *
   * @throws IllegalStateException when the kernel does not take it; nothing is filtered then
   */
  static void restrict(Abi abi, int pid) throws IOException {
    SystemCalls calls = new SystemCalls(abi, pid);
    calls.write(table());
    install(abi, calls.filter);
  }

  private static List<String> table() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                SystemCalls.class.getResourceAsStream("syscalls.txt"),
                StandardCharsets.US_ASCII))) {
      return lines.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  private void write(List<String> table) {
    filter.loadArchitecture();
    filter.ifEqualSkip(abi.audit(), 1);
    filter.answer(Filter.KILL);
    filter.loadNumber();
    for (String line : table) {
      String[] columns = line.split(" ");
      if (!columns[abi.column()].equals("-")) {
        allow(Integer.parseInt(columns[abi.column()]), columns.length > 3 ? columns[3] : "");
      }
    }
    filter.answer(Filter.error(EPERM));
  }

  private void allow(int number, String rule) {
    switch (rule) {
      case "" -> {
        filter.unlessEqualSkip(number, 1);
        filter.answer(Filter.ALLOW);
      }
      case "thread" -> {
        filter.unlessEqualSkip(number, 4);
        filter.loadLow(0);
        filter.unlessAnyBitSkip(CLONE_THREAD, 1);
        filter.answer(Filter.ALLOW);
        filter.answer(Filter.error(EPERM));
      }
      case "absent" -> {
        filter.unlessEqualSkip(number, 1);
        filter.answer(Filter.error(ENOSYS));
      }
      case "self" -> allowValues(number, 0, pid);
      case "name" -> allowValues(number, 0, PRCTL);
      case "size" -> allowValues(number, 1, IOCTL);
      case "flags" -> allowValues(number, 1, FCNTL);
      case "query" -> {
        filter.unlessEqualSkip(number, 6);
        filter.loadLow(2);
        filter.unlessEqualSkip(0, 3);
        filter.loadHigh(2);
        filter.unlessEqualSkip(0, 1);
        filter.answer(Filter.ALLOW);
        filter.answer(Filter.error(EPERM));
      }
      default -> throw new IllegalStateException("syscalls.txt: no rule " + rule);
    }
  }

  private void allowValues(int number, int argument, int... values) {
    filter.unlessEqualSkip(number, 2 + 2 * values.length);
    filter.loadLow(argument);
    for (int value : values) {
      filter.unlessEqualSkip(value, 1);
      filter.answer(Filter.ALLOW);
    }
    filter.answer(Filter.error(EPERM));
  }

  /** Gives the kernel a filter, for all threads of this process and what they start. */
  static void install(Abi abi, Filter filter) {
    try (Memory program = new Memory(16)) {
      program.clear();
      program.setShort(0, (short) filter.instructions());
      program.setPointer(8, Native.getDirectBufferPointer(filter.code()));
      long done =
          Libc.syscall(abi.seccomp(), SET_FILTER, ALL_THREADS, Pointer.nativeValue(program), 0, 0);
      if (done != 0) {
        throw new IllegalStateException(
            "the kernel takes no filter of system calls (seccomp): "
                + (done < 0 ? Libc.failure() : "thread " + done));
      }
    }
  }
}
