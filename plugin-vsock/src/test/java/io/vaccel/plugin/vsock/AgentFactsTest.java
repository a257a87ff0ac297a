package io.vaccel.plugin.vsock;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.spi.Availability;
import io.vaccel.transport.Endpoint;
import io.vaccel.v1.AgentLimits;
import io.vaccel.v1.GetAgentInfoResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentFactsTest {
  private static final Endpoint ENDPOINT = new Endpoint.Unix("/run/a.sock");

  @Test
  void details_sayWhatEachPluginOfTheAgentDoes() {
    Map<String, String> details = details(FakeInfo.INFO);
    assertThat(details)
        .containsEntry("endpoint", "unix:/run/a.sock")
        .containsEntry("agent version", "9.8.7")
        .containsEntry("seen by the agent as", "unix uid 0")
        .containsEntry(
            "plugin fake",
            "FPU: echo, image.classify, model.run, noop, x.y of ONNX; engine Fake 1.2")
        .containsEntry("plugin gpu", "not usable: there is no GPU");
  }

  @Test
  void limits_areShown_whereTheAgentNamesThem() {
    assertThat(details(FakeInfo.INFO)).doesNotContainKey("longest lease");
    AgentLimits limits =
        AgentLimits.newBuilder()
            .setMaxLease(Duration.newBuilder().setSeconds(60))
            .setMaxSessions(8)
            .setMaxContentBytes(1L << 34)
            .build();
    assertThat(details(FakeInfo.INFO.toBuilder().setLimits(limits).build()))
        .containsEntry("longest lease", "60 s")
        .containsEntry("sessions for one peer", "8")
        .containsEntry("largest file", "17179869184 bytes")
        .doesNotContainKey("buffers of one session");
  }

  @Test
  void controlCharacters_ofTheAgent_areNotPassedOn() {
    GetAgentInfoResponse hostile =
        FakeInfo.INFO.toBuilder().setVersion("1\u001b[2J\n2").setPeer("p".repeat(1000)).build();
    assertThat(details(hostile).get("agent version")).isEqualTo("1 [2J 2");
    assertThat(details(hostile).get("seen by the agent as")).hasSizeLessThan(300);
  }

  @Test
  void addressThatIsNoEndpoint_isAnInvalidArgument() {
    Settings settings = new Settings(Map.of(Settings.RPC_ADDRESS, "vsok:2:1"));
    assertThat(new VsockPluginProvider().create(settings).capabilities().availability())
        .isInstanceOfSatisfying(
            Availability.Unusable.class,
            unusable -> {
              assertThat(unusable.error()).isEqualTo(Reason.ARGUMENT_INVALID);
              assertThat(unusable.reason())
                  .startsWith("VACCEL_RPC_ADDRESS is not an agent's endpoint: ");
            });
  }

  private static Map<String, String> details(GetAgentInfoResponse info) {
    return AgentFacts.of(info, ENDPOINT).capabilities().details();
  }
}
