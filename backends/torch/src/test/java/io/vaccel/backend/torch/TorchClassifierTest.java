package io.vaccel.backend.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.Classification;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sample classifier as TorchScript, on the sample photographs. The script that makes it is the
 * one that users have ({@code samples/make/torchscript.py}), so it needs their python3, and nothing
 * else.
 */
final class TorchClassifierTest {
  private static final Path SAMPLES = Path.of(System.getProperty("vaccel.samples"));

  @TempDir Path directory;

  @Test
  void photographs_areRecognised() throws Exception {
    String text = Files.readString(SAMPLES.resolve("photos/expected.json"));
    List<JsonElement> photos =
        JsonParser.parseString(text).getAsJsonObject().getAsJsonArray("photos").asList();
    assertThat(photos).hasSizeGreaterThan(5);
    try (Vaccel vaccel = Vaccel.builder().set(Settings.PLUGINS, "image:torch").load();
        Session session = vaccel.openSession();
        Model model = session.load(torchScript())) {
      for (JsonElement each : photos) {
        JsonObject photo = each.getAsJsonObject();
        String file = photo.get("file").getAsString();
        Image image = Image.read(SAMPLES.resolve("photos").resolve(file));
        Classification result = session.classify(model, image);
        assertThat(result.best().name()).as(file).isEqualTo(photo.get("label").getAsString());
        // PyTorch's own result for the float32 weights and Pillow's filter, as in SamplesTest.
        assertThat(Math.abs(result.best().score() - photo.get("score").getAsFloat()))
            .as(file)
            .isLessThan(0.02f);
        assertThat(result.executedOn().toString()).contains("torch");
      }
    }
  }

  /** The model with its metadata, made of the one in the samples. */
  private Path torchScript() throws IOException, InterruptedException {
    Path model = directory.resolve("efficientnet-lite0.pt");
    for (String beside : List.of("efficientnet-lite0.json", "efficientnet-lite0.labels.txt")) {
      Files.copy(SAMPLES.resolve("models").resolve(beside), directory.resolve(beside));
    }
    ProcessBuilder script =
        new ProcessBuilder(
                "python3",
                SAMPLES.resolve("make/torchscript.py").toString(),
                SAMPLES.resolve("models/efficientnet-lite0.onnx").toString(),
                model.toString())
            .inheritIO();
    try {
      assertThat(script.start().waitFor()).isZero();
    } catch (IOException e) {
      assumeTrue(
          false,
          "python3, which makes the TorchScript classifier, is not installed: ./vaccel setup");
    }
    return model;
  }
}
