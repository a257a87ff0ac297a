package io.vaccel.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.contract.TinyModels;
import io.vaccel.spi.Availability;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What needs a Java process of its own: another heap, a broken engine. */
final class OnnxProcessIT {
  @TempDir Path directory;

  @Test
  void brokenNativeLibrary_isAReasonAndNoCrash() throws Exception {
    Files.writeString(directory.resolve("libonnxruntime.so"), "no library");
    Files.writeString(directory.resolve("libonnxruntime4j_jni.so"), "no library");
    assertThat(java(List.of("-Donnxruntime.native.path=" + directory)))
        .contains("unusable: ONNX Runtime's native library cannot be loaded here");
  }

  @Test
  void modelLargerThanTheHeap_isLoaded() throws Exception {
    Path model = directory.resolve("large.onnx");
    writeModel(model, 300L << 20);
    assertThat(java(List.of("-Xmx48m"), model.toString())).contains("usable", "ran: 42.0");
  }

  @Test
  void longCommandLine_isNoSegmentationFault() throws Exception {
    assertThat(java(List.of("-Dunused=" + "a/name ".repeat(14_000)))).contains("usable");
  }

  /** A model and, as its documentation, that many zero bytes. */
  private static void writeModel(Path path, long padding) throws IOException {
    byte[] model = TinyModels.identity(ElementType.FLOAT32, 1).bytes().array();
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.write(model);
      file.write((6 << 3) | 2);
      for (long rest = padding; ; rest >>>= 7) {
        file.write((int) (rest > 0x7f ? (rest & 0x7f) | 0x80 : rest));
        if (rest <= 0x7f) {
          break;
        }
      }
      file.setLength(file.getFilePointer() + padding);
    }
  }

  private static String java(List<String> flags, String... arguments) throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.addAll(List.of("-cp", classPath, OnnxProcessIT.class.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** The process: says whether the plugin can be used, and runs the model that is named. */
  public static void main(String[] arguments) {
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, "onnx").load();
        Session session = vaccel.openSession()) {
      Availability availability = vaccel.plugins().get(0).capabilities().availability();
      System.out.println(
          availability instanceof Availability.Unusable no ? "unusable: " + no.reason() : "usable");
      for (String path : arguments) {
        try (Model model = session.load(Path.of(path))) {
          Tensor x = Tensor.ofFloats("x", Shape.of(1), 42);
          System.out.println("ran: " + session.run(model, List.of(x)).tensors().get(0).floats()[0]);
        }
      }
    }
  }
}
