package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Classification;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.agent.Agent;
import io.vaccel.plugin.vsock.VsockPluginProvider;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent that ends and comes back gets sessions and models again, and the files only once. */
final class AgentRestartIT {
  private static final Path SAMPLES = Path.of(System.getProperty("vaccel.samples"));
  private static final Path MODEL = SAMPLES.resolve("models/efficientnet-lite0.onnx");

  @TempDir private Path directory;
  private Vaccel host;
  private Endpoint endpoint;
  private Agent agent;

  @BeforeEach
  void start() throws IOException {
    endpoint = new Endpoint.Unix(directory.resolve("a.sock").toString());
    host = Vaccel.builder().set(Settings.PLUGINS, "image:onnx:reference").load();
    startAgent();
  }

  private void startAgent() throws IOException {
    agent = Agent.builder(host, directory.resolve("state")).listen(endpoint).start();
  }

  @AfterEach
  void stop() {
    agent.close();
    host.close();
  }

  @Test
  void restartedAgent_goesOnWithTheSameSessionAndModel() throws IOException {
    Image photo = Image.read(SAMPLES.resolve("photos/coffee.jpg"));
    try (Vaccel vaccel = guest();
        Session session = vaccel.openSession();
        Model model = session.load(ModelSpec.at(MODEL), CallOptions.defaults())) {
      Classification before = session.classify(model, photo);
      assertThat(before.best().name()).isEqualTo("espresso");
      agent.close();
      startAgent();
      assertThat(session.classify(model, photo).labels()).isEqualTo(before.labels());
      assertThat(agent.load().sessions()).isEqualTo(1);
    }
  }

  @Test
  void modelFiles_travelOnce_evenOverARestart() throws IOException {
    ModelSpec spec = ModelSpec.at(MODEL);
    assertThat(uploadedBytes(spec)).isEqualTo(spec.resource().sizeBytes());
    assertThat(uploadedBytes(spec)).isZero();
    agent.close();
    startAgent();
    assertThat(uploadedBytes(spec)).isZero();
  }

  private long uploadedBytes(ModelSpec spec) {
    try (Vaccel vaccel = guest();
        Session session = vaccel.openSession();
        Model model = session.load(spec, CallOptions.defaults())) {
      return model.loaded().uploadedBytes();
    }
  }

  private Vaccel guest() {
    return Vaccel.builder()
        .set(Settings.PLUGINS, VsockPluginProvider.NAME)
        .set(Settings.RPC_ADDRESS, endpoint.toString())
        .load();
  }
}
