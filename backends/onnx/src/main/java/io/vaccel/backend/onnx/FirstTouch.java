package io.vaccel.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * Loads ONNX Runtime's native library on a thread whose stack is large enough for it.
 *
 * <p>When version 1.29.0 starts, it looks through this process's command line with a recursion
 * about as deep as that is long. On a Java thread's usual stack, twelve kilobytes - some hundred
 * file names - end the process with a segmentation fault and without a word.
 */
final class FirstTouch {
  /**
   * Measured: 80 KB need more than 4 MiB and less than 64 MiB. Pages that are not used cost
   * nothing.
   */
  private static final long STACK_BYTES_PER_CHARACTER = 1024;

  /** The most that Linux lets a command line and its environment have is 6 MiB. */
  private static final long MAX_STACK_BYTES = 2L << 30;

  private FirstTouch() {}

  /**
   * The engine's environment.
   *
   * @throws LinkageError when the library cannot be loaded
   */
  static OrtEnvironment environment() {
    FutureTask<OrtEnvironment> loading =
        new FutureTask<>(
            () -> OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR));
    Thread thread = new Thread(null, loading, "vaccel-onnx-load", stackBytes());
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return loading.get();
        } catch (InterruptedException e) {
          // The library is half loaded: whoever interrupts has to wait for that.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("ONNX Runtime did not start", e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static long stackBytes() {
    long length;
    try {
      length = Files.readAllBytes(Path.of("/proc/self/cmdline")).length;
    } catch (IOException e) {
      // Not Linux; nothing is known of the recursion there.
      length = 1 << 16;
    }
    return Math.min(MAX_STACK_BYTES, (1 << 20) + length * STACK_BYTES_PER_CHARACTER);
  }
}
