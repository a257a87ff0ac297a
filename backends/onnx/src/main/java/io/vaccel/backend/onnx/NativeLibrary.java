package io.vaccel.backend.onnx;

import ai.onnxruntime.OrtEnvironment;
import io.vaccel.Settings;
import io.vaccel.backend.engine.NativeDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Unpacks ONNX Runtime's native library.
 *
 * <p>Left alone, version 1.29.0 unpacks it into the directory for temporary files, and leaves it
 * there when the process is killed. It takes it from another place, but does not unpack it there.
 */
final class NativeLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String PLACE_PROPERTY = "onnxruntime.native.path";

  /** What the jars for the CPU and for GPUs may hold for Linux. */
  private static final List<String> FILES =
      List.of(
          "libonnxruntime.so",
          "libonnxruntime4j_jni.so",
          "libonnxruntime_providers_shared.so",
          "libonnxruntime_providers_cuda.so",
          "libonnxruntime_providers_tensorrt.so");

  private NativeLibrary() {}

  /** Unpacks it, once in a process, where the engine then looks for it. */
  static synchronized void unpack(Settings settings) throws IOException {
    if (System.getProperty(PLACE_PROPERTY) != null || !holds(FILES.get(0))) {
      // The JVM was told where it is, or the engine has its own way on this platform.
      return;
    }
    Path directory = NativeDirectory.of(settings, "onnx");
    for (String file : FILES) {
      try (InputStream in = OrtEnvironment.class.getResourceAsStream(resource(file))) {
        if (in != null) {
          Files.copy(in, directory.resolve(file));
        }
      }
    }
    System.setProperty(PLACE_PROPERTY, directory.toString());
  }

  /**
   * Removes the empty directory that the engine makes all the same, and would remove only when the
   * process ends by itself.
   */
  static void removeTemporary() {
    try {
      Field made = Class.forName("ai.onnxruntime.OnnxRuntime").getDeclaredField("tempDirectory");
      made.setAccessible(true);
      if (made.get(null) instanceof Path directory && System.getProperty(PLACE_PROPERTY) != null) {
        Files.deleteIfExists(directory);
      }
    } catch (ReflectiveOperationException | RuntimeException | IOException e) {
      LOG.debug("the directory that ONNX Runtime made stays until the process ends", e);
    }
  }

  private static boolean holds(String file) {
    return OrtEnvironment.class.getResource(resource(file)) != null;
  }

  private static String resource(String file) {
    String architecture = System.getProperty("os.arch").equals("aarch64") ? "aarch64" : "x64";
    return "/ai/onnxruntime/native/linux-" + architecture + "/" + file;
  }
}
