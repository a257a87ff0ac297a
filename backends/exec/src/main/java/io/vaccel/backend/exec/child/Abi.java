package io.vaccel.backend.exec.child;

import java.util.Optional;

/** A processor architecture's numbers of the Linux kernel interface. */
public enum Abi {
  /** AMD and Intel, 64 bits. */
  X86_64(0xC000003E, 1, 317, 126),
  /** Arm, 64 bits. */
  AARCH64(0xC00000B7, 2, 277, 91);

  private final int audit;
  private final int column;
  private final int seccomp;
  private final int capset;

  Abi(int audit, int column, int seccomp, int capset) {
    this.audit = audit;
    this.column = column;
    this.seccomp = seccomp;
    this.capset = capset;
  }

  /** The one of this JVM; empty where libraries cannot be isolated. */
  public static Optional<Abi> current() {
    if (!System.getProperty("os.name").equals("Linux")) {
      return Optional.empty();
    }
    return switch (System.getProperty("os.arch")) {
      case "amd64" -> Optional.of(X86_64);
      case "aarch64" -> Optional.of(AARCH64);
      default -> Optional.empty();
    };
  }

  /** The number of capset(2). */
  public int capset() {
    return capset;
  }

  /** The number of seccomp(2). */
  public int seccomp() {
    return seccomp;
  }

  /** How filters know it: AUDIT_ARCH_... of linux/audit.h. */
  int audit() {
    return audit;
  }

  /** Its column in syscalls.txt. */
  int column() {
    return column;
  }
}
