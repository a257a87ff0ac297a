package io.vaccel.guest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.spi.Capabilities;
import org.junit.jupiter.api.Test;

class InfoCommandTest {
  private static final Operation<?, ?>[] OPERATIONS = {
    Operations.NOOP, Operations.MODEL_RUN, Operations.IMAGE_CLASSIFY
  };

  private final FakePlugin agent = FakePlugin.remote().offering(OPERATIONS);
  private final FakePlugin here = FakePlugin.local().offering(OPERATIONS);
  private final Guest guest = new Guest(agent, here);

  @Test
  void text_showsWhatEachPluginCanDo() {
    assertThat(guest.run("info", "--agent", "vsock:2:2048", "--count", 3)).isZero();
    assertThat(guest.out().replaceAll("[0-9.]+ (us|ms)", "TIME"))
        .isEqualTo(
            """
            vaccel-guest (not packaged)
            agent vsock:2:2048

            plugin vsock
              state                 usable
              device                CPU
              operations            image.classify, model.run, noop
              formats               ONNX
              endpoint              vsock:2:2048
              agent version         0.1.0
              seen by the agent as  CID 3
              plugin onnx           CPU, ONNX Runtime 1.29.0

            plugin onnx, here
              state       usable
              device      CPU
              operations  image.classify, model.run, noop
              formats     ONNX

            round trip  min TIME, median TIME, max TIME of 3 no-ops (agent vsock:2:2048, plugin onnx, CPU)
            """);
    assertThat(guest.err()).isEmpty();
  }

  @Test
  void json_isOneStableDocument() {
    assertThat(guest.run("info", "--json", "--agent", "vsock:2:2048", "--count", 3)).isZero();
    assertThat(guest.out().replaceAll("Micros\": [0-9]+", "Micros\": 1"))
        .isEqualTo(
            """
            {
              "version": "(not packaged)",
              "agent": "vsock:2:2048",
              "plugins": [
                {
                  "name": "vsock",
                  "usable": true,
                  "device": "CPU",
                  "operations": [
                    "image.classify",
                    "model.run",
                    "noop"
                  ],
                  "formats": [
                    "ONNX"
                  ],
                  "details": {
                    "endpoint": "vsock:2:2048",
                    "agent version": "0.1.0",
                    "seen by the agent as": "CID 3",
                    "plugin onnx": "CPU, ONNX Runtime 1.29.0"
                  }
                },
                {
                  "name": "onnx",
                  "usable": true,
                  "device": "CPU",
                  "operations": [
                    "image.classify",
                    "model.run",
                    "noop"
                  ],
                  "formats": [
                    "ONNX"
                  ],
                  "details": {}
                }
              ],
              "roundTrip": {
                "count": 3,
                "minMicros": 1,
                "medianMicros": 1,
                "maxMicros": 1,
                "executedOn": {
                  "plugin": "onnx",
                  "device": "CPU",
                  "path": [
                    "vsock:2:2048"
                  ],
                  "stages": []
                }
              }
            }
            """);
  }

  @Test
  void agentThatDoesNotAnswer_isShown_andFails() {
    agent.unusable(Reason.AGENT_UNREACHABLE, "nobody answers at vsock:2:2048");
    assertThat(guest.run("info", "--agent", "vsock:2:2048")).isEqualTo(1);
    assertThat(guest.out()).contains("  state  not usable: nobody answers at vsock:2:2048\n");
    assertThat(guest.out()).contains("round trip  not measured: nobody answers at vsock:2:2048\n");
    assertThat(guest.err()).isEqualTo("vaccel-guest: info: nobody answers at vsock:2:2048\n");
  }

  @Test
  void breakerAndItsSettings_areShown() {
    agent.unusable(Reason.AGENT_UNREACHABLE, "nobody answers");
    agent.capabilities =
        agent
            .capabilities
            .with("breaker", "open")
            .with("retries", "2, after pauses of 50 ms to 1 s")
            .with("time limit", "2000 ms")
            .with("probes when it is away", "one in 1000 ms, waited for 200 ms");
    assertThat(guest.run("info", "--agent", "vsock:2:2048")).isEqualTo(1);
    assertThat(guest.out())
        .containsPattern("breaker +open\n")
        .containsPattern("retries +2, after pauses of 50 ms to 1 s\n")
        .containsPattern("time limit +2000 ms\n")
        .containsPattern("probes when it is away +one in 1000 ms, waited for 200 ms\n");

    assertThat(guest.run("info", "--json", "--agent", "vsock:2:2048")).isEqualTo(1);
    JsonObject plugin =
        JsonParser.parseString(guest.out().substring(guest.out().indexOf("{\n")))
            .getAsJsonObject()
            .getAsJsonArray("plugins")
            .get(0)
            .getAsJsonObject();
    assertThat(plugin.getAsJsonObject("details").get("breaker").getAsString()).isEqualTo("open");
    assertThat(plugin.getAsJsonObject("details").get("time limit").getAsString())
        .isEqualTo("2000 ms");
  }

  @Test
  void agentThatDoesNotAnswer_isInTheJsonToo() {
    Guest alone =
        new Guest(FakePlugin.remote().unusable(Reason.AGENT_UNREACHABLE, "nobody answers"));
    assertThat(alone.run("info", "--json", "--agent", "vsock:2:2048")).isEqualTo(1);
    JsonObject document = JsonParser.parseString(alone.out()).getAsJsonObject();
    assertThat(document.get("roundTrip").isJsonNull()).isTrue();
    assertThat(document.get("notMeasured").getAsString()).isEqualTo("nobody answers");
    JsonObject plugin = document.getAsJsonArray("plugins").get(0).getAsJsonObject();
    assertThat(plugin.get("usable").getAsBoolean()).isFalse();
    assertThat(plugin.get("reason").getAsString()).isEqualTo("nobody answers");
  }

  @Test
  void withoutAnAgent_thePluginsHereAreShown() {
    Guest alone = new Guest(FakePlugin.local());
    assertThat(alone.run("info", "--count", 1)).isZero();
    assertThat(alone.out())
        .contains("no agent is named (--agent, VACCEL_RPC_ADDRESS): the plugins here are used\n")
        .contains("(here, plugin onnx, CPU)");
  }

  @Test
  void withoutNoop_theRoundTripSaysWhy() {
    agent.capabilities = Capabilities.of("CPU");
    here.capabilities = Capabilities.of("CPU");
    assertThat(guest.run("info")).isZero();
    assertThat(guest.out())
        .contains(
            "round trip  not measured: no plugin can do noop now"
                + " (vsock: does not offer noop; onnx: does not offer noop); to do it here, add");
  }

  @Test
  void countOfZero_measuresNothing() {
    assertThat(guest.run("info", "--count", 0)).isZero();
    assertThat(guest.out()).contains("round trip  not measured: none was asked for\n");
  }

  @Test
  void endpointOfUnknownForm_isWrongUsage() {
    agent.unusable(Reason.ARGUMENT_INVALID, "VACCEL_RPC_ADDRESS is not an agent's endpoint: x");
    assertThat(guest.run("info", "--agent", "x")).isEqualTo(2);
    assertThat(guest.err()).startsWith("vaccel-guest: --agent is not an agent's endpoint: x\n");
    assertThat(guest.out()).isEmpty();
  }

  @Test
  void countOutOfRange_isWrongUsage() {
    assertThat(guest.run("info", "--count", -1)).isEqualTo(2);
    assertThat(guest.run("info", "--count", 1_000_001)).isEqualTo(2);
  }
}
