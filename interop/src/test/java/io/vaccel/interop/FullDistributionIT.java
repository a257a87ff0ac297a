package io.vaccel.interop;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
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
        assertRunOptionsReachTheEngine(session, model, words, result);
      }
      Programs.Finished listed =
          Programs.guest(directory, "run", "--agent", endpoint, "--model", Programs.SAVED_MODEL);
      assertThat(listed.status()).as(listed.err()).isZero();
      assertThat(listed.out()).contains("words", "STRING", "vectors", "FLOAT32");
      assertThat(agent.stop()).isZero();
    }
  }

  /** {@code tensorflow.RunOptions}: field 2 is {@code timeout_in_ms}, field 1 the trace level. */
  private static void assertRunOptionsReachTheEngine(
      Session session, Model model, Tensor words, ModelRun.Outputs expected) {
    ByteBuffer minute = ByteBuffer.wrap(new byte[] {0x10, (byte) 0xe0, (byte) 0xd4, 0x03});
    ModelRun timed = new ModelRun(model, List.of(words), List.of("vectors"), minute);
    assertThat(session.call(Operations.MODEL_RUN, timed).tensors())
        .isEqualTo(List.of(expected.tensor("vectors").orElseThrow()));
    ByteBuffer fullTrace = ByteBuffer.wrap(new byte[] {0x08, 0x03});
    ModelRun traced = new ModelRun(model, List.of(words), List.of(), fullTrace);
    VaccelException refused = failureOf(() -> session.call(Operations.MODEL_RUN, traced));
    assertThat(refused.reason()).isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(refused.details()).containsEntry("field", "run_options");
  }

  @Test
  void torchScript_namesWhatAPhotographShows() throws IOException {
    Path model = torchScript();
    String endpoint = "unix:" + directory.resolve("a.sock");
    try (RunningAgent agent =
        RunningAgent.start(Programs.FULL_AGENT, directory, Map.of(), endpoint)) {
      Programs.Finished guest =
          Programs.guest(
              directory,
              "classify",
              "--plugins=vsock",
              "--timeout=4m",
              "--agent",
              endpoint,
              "--model",
              model,
              "--json",
              Programs.PHOTOS.resolve("coffee.jpg"));
      assertThat(guest.status()).as(guest.err()).isZero();
      assertThat(guest.out()).contains("espresso", "\"plugin\": \"torch\"");
      assertThat(agent.stop()).isZero();
    }
  }

  /** The sample classifier as TorchScript, made by the script that users have for that. */
  private Path torchScript() throws IOException {
    Path models = Programs.MODEL.getParent();
    for (String beside : List.of("efficientnet-lite0.json", "efficientnet-lite0.labels.txt")) {
      Files.copy(models.resolve(beside), directory.resolve(beside));
    }
    Path model = directory.resolve("efficientnet-lite0.pt");
    Path script = models.resolveSibling("make/torchscript.py");
    Programs.Finished made = Programs.run(directory, "python3", script, Programs.MODEL, model);
    assertThat(made.status()).as(made.err()).isZero();
    return model;
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
