package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent with the large engines, as {@code ./vaccel build --full} makes it. */
final class FullDistributionIT {
  @TempDir Path directory;

  @Test
  void savedModel_isServedFromItsFiles() {
    String endpoint = "unix:" + directory.resolve("a.sock");
    try (RunningAgent agent =
        RunningAgent.start(Programs.FULL_AGENT, directory, Map.of(), endpoint)) {
      try (Vaccel guest = RemoteContract.at(Endpoint.parse(endpoint));
          Session session = guest.openSession();
          Model model = session.load(Programs.SAVED_MODEL)) {
        Tensor words =
            Tensor.ofStrings("words", Shape.of(2), List.of(ascii("world"), ascii("hello")));
        ModelRun.Outputs result = session.run(model, List.of(words));
        assertThat(result.tensor("vectors").orElseThrow().floats()).containsExactly(0.5f, 4, 1, -1);
        assertThat(result.executedOn().plugin()).isEqualTo("tensorflow");
        assertThat(result.executedOn().isLocal()).isFalse();
      }
      Programs.Finished listed =
          Programs.guest(directory, "run", "--agent", endpoint, "--model", Programs.SAVED_MODEL);
      assertThat(listed.status()).as(listed.err()).isZero();
      assertThat(listed.out()).contains("words", "STRING", "vectors", "FLOAT32");
      assertThat(agent.stop()).isZero();
    }
  }

  @Test
  void engineWithoutItsLibrary_saysSo_andTheOthersWork() throws IOException {
    Path without = withoutNativeLibraryOfTensorFlow();
    Programs.Finished doctor =
        Programs.run(directory, without, "doctor", "--listen", "unix:" + directory.resolve("d"));
    assertThat(doctor.out())
        .contains("TensorFlow's native library for")
        .contains("is not on the class path")
        .containsPattern("plugin onnx\\W+usable");
  }

  private Path withoutNativeLibraryOfTensorFlow() throws IOException {
    Path home = directory.resolve("without");
    Path lib = Files.createDirectories(home.resolve("lib"));
    Path bin = Files.createDirectories(home.resolve("bin"));
    int left = 0;
    try (Stream<Path> jars = Files.list(Programs.FULL_AGENT.resolve("../../lib").normalize())) {
      for (Path jar : jars.toList()) {
        String name = jar.getFileName().toString();
        if (name.matches("tensorflow-core-native-.*-linux-.*\\.jar")) {
          left++;
        } else {
          Files.createSymbolicLink(lib.resolve(name), jar);
        }
      }
    }
    assertThat(left).isPositive();
    return Files.copy(Programs.FULL_AGENT, bin.resolve("vaccel-agent"));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
