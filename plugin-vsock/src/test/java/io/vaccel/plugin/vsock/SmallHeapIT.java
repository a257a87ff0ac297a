package io.vaccel.plugin.vsock;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A guest with a small heap sends and receives what is larger than that heap. */
final class SmallHeapIT {
  private static final int MIB = 1 << 20;
  private static final int TENSOR_BYTES = 64 * MIB;
  private static final long MODEL_BYTES = 300L * MIB;

  @TempDir private Path directory;

  @Test
  void guestOf48MiB_echoes64MiB_andUploads300MiB() throws Exception {
    Path model = directory.resolve("large.onnx");
    try (RandomAccessFile file = new RandomAccessFile(model.toFile(), "rw")) {
      file.write('M');
      file.setLength(MODEL_BYTES);
    }
    try (FakeAgent agent = FakeAgent.start(directory.resolve("agent.sock"))) {
      Path output = directory.resolve("guest.log");
      ProcessBuilder command =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx48m",
                  "-XX:MaxDirectMemorySize=192m",
                  "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                  Guest.class.getName(),
                  agent.endpoint().toString(),
                  model.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      command.environment().put("CLASSPATH", System.getProperty("java.class.path"));
      Process guest = command.start();
      try {
        assertThat(guest.waitFor(120, TimeUnit.SECONDS)).as("the guest ends").isTrue();
      } finally {
        guest.destroyForcibly();
      }
      assertThat(output).content(StandardCharsets.UTF_8).contains("echoed", "uploaded");
      assertThat(guest.exitValue()).isZero();
    }
  }

  /** The guest's process. */
  static final class Guest {
    private Guest() {}

    public static void main(String[] arguments) throws IOException {
      CallOptions patient = CallOptions.within(Duration.ofMinutes(2));
      try (Vaccel vaccel = Guests.at(Endpoint.parse(arguments[0]));
          Session session = vaccel.openSession()) {
        ByteBuffer data = ByteBuffer.allocateDirect(TENSOR_BYTES);
        for (int i = 0; i < TENSOR_BYTES; i += 4096) {
          data.putInt(i, i);
        }
        Tensor large = Tensor.of("x", ElementType.UINT8, Shape.of(TENSOR_BYTES), data);
        if (session.echo(List.of(large)).tensors().get(0).equals(large)) {
          System.out.println("echoed");
        }
        try (Model model = session.load(ModelSpec.at(Path.of(arguments[1])), patient)) {
          if (model.loaded().uploadedBytes() == MODEL_BYTES) {
            System.out.println("uploaded");
          }
        }
      }
    }
  }
}
