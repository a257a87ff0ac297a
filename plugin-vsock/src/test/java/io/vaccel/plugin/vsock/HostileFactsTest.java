package io.vaccel.plugin.vsock;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ModelFormat;
import io.vaccel.Operations;
import io.vaccel.spi.Availability;
import io.vaccel.transport.Endpoint;
import io.vaccel.v1.AgentLimits;
import io.vaccel.v1.GetAgentInfoResponse;
import io.vaccel.v1.PluginInfo;
import org.junit.jupiter.api.Test;

/** What an agent says of itself is cut down to what can be believed. */
final class HostileFactsTest {
  private static final Endpoint ENDPOINT = Endpoint.Vsock.host(2048);

  @Test
  void emptyAnswer_isAnAgentWithoutPlugins() {
    AgentFacts facts = AgentFacts.of(GetAgentInfoResponse.getDefaultInstance(), ENDPOINT);
    assertThat(facts.capabilities().availability())
        .isEqualTo(Availability.unusable("the agent at vsock:2:2048 has no usable plugin"));
    assertThat(facts.inlineBytes()).isEqualTo(AgentFacts.INLINE_BYTES);
    assertThat(facts.chunkBytes()).isEqualTo(AgentFacts.CHUNK_BYTES);
  }

  @Test
  void unusablePlugins_areNamedWithTheirReasons() {
    GetAgentInfoResponse info =
        GetAgentInfoResponse.newBuilder()
            .addPlugins(PluginInfo.newBuilder().setName("onnx").setReason("no library"))
            .addPlugins(PluginInfo.newBuilder().setName("new").setUsable(true).addOperations("a.b"))
            .build();
    assertThat(AgentFacts.of(info, ENDPOINT).capabilities().availability())
        .isEqualTo(
            Availability.unusable(
                "the agent at vsock:2:2048 has no usable plugin; onnx: no library; new: offers"
                    + " nothing that this side knows"));
  }

  @Test
  void operationsAndFormatsOfLaterVersions_areIgnored() {
    GetAgentInfoResponse info =
        GetAgentInfoResponse.newBuilder()
            .addPlugins(
                PluginInfo.newBuilder()
                    .setName("p")
                    .setUsable(true)
                    .addOperations("noop")
                    .addOperations("dance")
                    .addFormatsValue(99)
                    .addFormatsValue(0)
                    .addFormatsValue(1))
            .build();
    assertThat(AgentFacts.of(info, ENDPOINT).capabilities().operations())
        .containsExactly(Operations.NOOP);
    assertThat(AgentFacts.of(info, ENDPOINT).capabilities().formats())
        .containsExactly(ModelFormat.ONNX);
  }

  @Test
  void limits_makeMessagesSmaller_neverLarger() {
    assertThat(limits(1_000_000, 4_000)).extracting(AgentFacts::inlineBytes).isEqualTo(500_000);
    assertThat(limits(1_000_000, 4_000)).extracting(AgentFacts::chunkBytes).isEqualTo(4_000);
    assertThat(limits(Long.MAX_VALUE, Long.MAX_VALUE))
        .isEqualTo(limits(0, 0))
        .isEqualTo(limits(-5, Long.MIN_VALUE));
  }

  @Test
  void endlessAndHostileTexts_becomeShortLines() {
    PluginInfo plugin =
        PluginInfo.newBuilder()
            .setName("p")
            .setUsable(true)
            .addOperations("noop")
            .setDevice("GPU\n\u001b[31mred\u2028" + "x".repeat(10_000))
            .build();
    GetAgentInfoResponse.Builder info = GetAgentInfoResponse.newBuilder();
    for (int i = 0; i < 1_000; i++) {
      info.addPlugins(plugin.toBuilder().setName("p" + i));
    }
    AgentFacts facts = AgentFacts.of(info.build(), ENDPOINT);
    assertThat(facts.capabilities().device()).startsWith("GPU [31mred x").hasSize(203);
    assertThat(facts.capabilities().details().keySet())
        .filteredOn(key -> key.startsWith("plugin "))
        .hasSize(64);
  }

  private static AgentFacts limits(long messageBytes, long chunkBytes) {
    return AgentFacts.of(
        GetAgentInfoResponse.newBuilder()
            .setLimits(
                AgentLimits.newBuilder()
                    .setMaxMessageBytes(messageBytes)
                    .setMaxChunkBytes(chunkBytes))
            .build(),
        ENDPOINT);
  }
}
