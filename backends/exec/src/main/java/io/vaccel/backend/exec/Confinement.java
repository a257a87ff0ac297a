package io.vaccel.backend.exec;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.vaccel.backend.exec.child.Abi;
import io.vaccel.backend.exec.child.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Takes from the calling thread, and from the programs that it starts, all rights but to read some
 * files: no new privileges, no capabilities, and a Landlock domain. The kernel keeps these things
 * by thread, so a thread of its own is given up for each process.
 *
 * <p>It needs neither root nor namespaces, and works in containers whose system call filter allows
 * Landlock, as Docker's and Podman's do.
 */
final class Confinement {
  private static final int CREATE_RULESET = 444;
  private static final int ADD_RULE = 445;
  private static final int RESTRICT_SELF = 446;
  private static final int VERSION = 1;
  private static final int PATH_BENEATH = 1;
  private static final int SET_NO_NEW_PRIVILEGES = 38;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;
  private static final int OPEN_PATH_CLOSE_ON_EXEC = 0x280000;

  private static final long EXECUTE = 1;
  private static final long WRITE_FILE = 1 << 1;
  private static final long READ_FILE = 1 << 2;
  private static final long READ_DIRECTORY = 1 << 3;

  /** What the JVM and the C library's loader read. */
  private static final List<String> SYSTEM =
      List.of(
          "/lib",
          "/lib64",
          "/usr/lib",
          "/usr/lib64",
          "/usr/local/lib",
          "/etc/ld.so.cache",
          "/proc",
          "/sys/devices/system",
          "/sys/fs/cgroup",
          "/dev/urandom",
          "/dev/random",
          "/dev/zero");

  private Confinement() {}

  /** Why libraries cannot be isolated here; empty when they can. */
  static Optional<String> problem() {
    try {
      if (Abi.current().isEmpty()) {
        return Optional.of(
            "libraries can be isolated on Linux on x86_64 and aarch64 only, this is "
                + System.getProperty("os.name")
                + " on "
                + System.getProperty("os.arch"));
      }
      return version() >= 1
          ? Optional.empty()
          : Optional.of(
              "libraries cannot be isolated: the kernel has no Landlock ("
                  + Libc.failure()
                  + "); it needs Linux 5.13 or newer with landlock among its lsm=, and a container"
                  + " that allows it");
    } catch (LinkageError e) {
      return Optional.of("libraries cannot be isolated: JNA does not work here: " + e.getMessage());
    }
  }

  /**
   * Confines the calling thread for good.
   *
   * @param readable files, and directories with all below them, that may be read and executed
   * @throws IOException when the kernel refuses; the thread must not start anything then
   */
  static void enter(List<Path> readable) throws IOException {
    dropCapabilities();
    check(Libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no new privileges");
    int ruleset = ruleset();
    try {
      for (Path path : readable) {
        allow(ruleset, path, EXECUTE | READ_FILE | READ_DIRECTORY);
      }
      for (String path : SYSTEM) {
        if (Files.exists(Path.of(path))) {
          allow(ruleset, Path.of(path), EXECUTE | READ_FILE | READ_DIRECTORY);
        }
      }
      allow(ruleset, Path.of("/dev/null"), READ_FILE | WRITE_FILE);
      check(Libc.syscall(RESTRICT_SELF, ruleset, 0, 0, 0, 0), "Landlock");
    } finally {
      Libc.close(ruleset);
    }
  }

  private static long version() {
    return Libc.syscall(CREATE_RULESET, 0, 0, VERSION, 0, 0);
  }

  private static int ruleset() throws IOException {
    long version = version();
    // One bit for each right that this version of Landlock knows; what a rule does not allow is
    // forbidden.
    int fileRights = version >= 5 ? 16 : version >= 3 ? 15 : version == 2 ? 14 : 13;
    int size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
    try (Memory attributes = new Memory(24)) {
      attributes.clear();
      attributes.setLong(0, (1L << fileRights) - 1);
      attributes.setLong(8, version >= 4 ? 3 : 0);
      attributes.setLong(16, version >= 6 ? 3 : 0);
      return (int)
          check(
              Libc.syscall(CREATE_RULESET, Pointer.nativeValue(attributes), size, 0, 0, 0),
              "Landlock");
    }
  }

  private static void allow(int ruleset, Path path, long rights) throws IOException {
    int file = (int) check(Libc.open(path.toString(), OPEN_PATH_CLOSE_ON_EXEC), "open");
    try (Memory rule = new Memory(12)) {
      rule.setLong(0, Files.isDirectory(path) ? rights : rights & ~READ_DIRECTORY);
      rule.setInt(8, file);
      check(
          Libc.syscall(ADD_RULE, ruleset, PATH_BENEATH, Pointer.nativeValue(rule), 0, 0),
          "Landlock");
    } finally {
      Libc.close(file);
    }
  }

  private static void dropCapabilities() throws IOException {
    try (Memory header = new Memory(8);
        Memory none = new Memory(24)) {
      header.setInt(0, CAPABILITY_VERSION_3);
      header.setInt(4, 0);
      none.clear();
      long capset = Abi.current().orElseThrow().capset();
      check(
          Libc.syscall(capset, Pointer.nativeValue(header), Pointer.nativeValue(none), 0, 0, 0),
          "dropping capabilities");
    }
  }

  private static long check(long result, String what) throws IOException {
    if (result < 0) {
      throw new IOException(what + ": " + Libc.failure());
    }
    return result;
  }
}
