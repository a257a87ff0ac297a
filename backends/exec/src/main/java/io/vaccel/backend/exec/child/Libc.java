package io.vaccel.backend.exec.child;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/**
 * The C library's functions that isolation is made of; 64-bit Linux only. After a call that failed,
 * {@link #failure} says why.
 */
public final class Libc {
  static {
    Native.register(Libc.class, NativeLibrary.getProcess());
  }

  private Libc() {}

  /** See syscall(2); what a call does not take is ignored. */
  public static native long syscall(long number, long a, long b, long c, long d, long e);

  /** See prctl(2). */
  public static native int prctl(int option, long a, long b, long c, long d);

  /** See open(2). */
  public static native int open(String path, int flags);

  /** See close(2). */
  public static native int close(int descriptor);

  static native int dup2(int from, int to);

  static native int fcntl(int descriptor, int command, long argument);

  static native long write(int descriptor, Pointer data, long bytes);

  static native int setrlimit(int resource, Pointer limit);

  static native Pointer dlopen(String path, int flags);

  static native Pointer dlsym(Pointer library, String symbol);

  static native String dlerror();

  /** The error of this thread's last call that failed, for instance {@code errno 13}. */
  public static String failure() {
    return "errno " + Native.getLastError();
  }
}
