package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Reason;
import io.vaccel.v1.CloseSessionRequest;
import io.vaccel.v1.GetAgentInfoRequest;
import io.vaccel.v1.GetAgentInfoResponse;
import io.vaccel.v1.Payload;
import io.vaccel.v1.RunModelResponse;
import io.vaccel.v1.UnloadModelRequest;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelRoundTripIT {
  @TempDir Path directory;

  @Test
  void uploadedModel_runsOnInlineTensorsAndOnBuffers() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      String model = guest.loadModel(session, random(700_000));

      byte[] small = random(1_000);
      RunModelResponse inline = guest.run(session, model, guest.inline(small), small.length);
      assertThat(inline.getOutputs(0).getData().getInline().toByteArray()).isEqualTo(small);
      assertThat(inline.getExecutedOn().getPlugin()).isEqualTo("fake");

      byte[] large = random(9_000_001);
      String sent = guest.writeBuffer(session, large);
      RunModelResponse buffered = guest.run(session, model, guest.buffer(sent), large.length);
      Payload result = buffered.getOutputs(0).getData();
      assertThat(guest.readBuffer(session, result.getBufferId())).isEqualTo(large);
    }
  }

  @Test
  void closedSession_freesAll() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      String model = guest.loadModel(session, random(1_000));
      guest.writeBuffer(session, random(2_000_000));
      assertThat(running.plugin.models).hasValue(1);
      assertThat(running.agent.load().bufferBytes()).isGreaterThanOrEqualTo(2_000_000);

      var unused =
          guest
              .sessions()
              .closeSession(CloseSessionRequest.newBuilder().setSessionId(session).build());

      assertThat(running.agent.load().sessions()).isZero();
      assertThat(running.agent.load().bufferBytes()).isZero();
      assertThat(running.plugin.models).hasValue(0);
      assertThat(running.plugin.sessions).hasValue(0);
      assertThat(
              TestClient.error(() -> guest.run(session, model, guest.inline(random(1)), 1))
                  .reason())
          .isEqualTo(Reason.SESSION_NOT_FOUND);
    }
  }

  @Test
  void unloadedModel_isNotFound() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      TestClient guest = running.client();
      String session = guest.openSession();
      String model = guest.loadModel(session, random(1_000));
      UnloadModelRequest unload =
          UnloadModelRequest.newBuilder().setSessionId(session).setModelId(model).build();

      var unused = guest.models().unloadModel(unload);

      assertThat(running.plugin.models).hasValue(0);
      assertThat(
              TestClient.error(() -> guest.run(session, model, guest.inline(random(1)), 1))
                  .reason())
          .isEqualTo(Reason.MODEL_NOT_FOUND);
      assertThat(TestClient.error(() -> guest.models().unloadModel(unload)).reason())
          .isEqualTo(Reason.MODEL_NOT_FOUND);
    }
  }

  @Test
  void info_tellsPluginsLimitsAndPeer() throws Exception {
    try (RunningAgent running = RunningAgent.start(directory)) {
      GetAgentInfoResponse info =
          running.client().agent().getAgentInfo(GetAgentInfoRequest.getDefaultInstance());

      assertThat(info.getPlugins(0).getName()).isEqualTo("fake");
      assertThat(info.getPlugins(0).getOperationsList()).contains("noop", "echo", "model.run");
      assertThat(info.getLimits().getMaxSessions()).isEqualTo(64);
      assertThat(info.getPeer()).startsWith("unix uid ");
      assertThat(info.getProtocolVersion()).isEqualTo(1);
    }
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
