package io.vaccel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The whole program at its shortest, with the real agent; times mean nothing here. */
class BenchIT {
  private static final Path AGENT = Path.of(System.getProperty("vaccel.agent"));
  private static final Path SAMPLES = Path.of(System.getProperty("vaccel.samples"));

  @TempDir Path directory;

  @Test
  void everyScenario_isMeasuredOnEveryWay() throws Exception {
    Path file = directory.resolve("figures.json");

    int exit =
        BenchMain.run(
            "--smoke",
            "--json",
            file.toString(),
            "--agent",
            AGENT.toString(),
            "--samples",
            SAMPLES.toString());

    assertThat(exit).isZero();
    List<JsonObject> scenarios = scenarios(file);
    assertThat(scenarios)
        .extracting(scenario -> scenario.get("name").getAsString())
        .containsExactly(
            "bulk-64MiB", "bulk-16MiB", "bulk-1MiB", "bulk-64KiB", "sgemm-512", "classify", "noop");
    assertThat(scenarios)
        .extracting(scenario -> scenario.get("inBytes").getAsLong())
        .containsExactly(
            67_108_864L,
            16_777_216L,
            1_048_576L,
            65_536L,
            2_097_152L,
            Files.size(SAMPLES.resolve("photos/coffee.jpg")),
            64L);
    assertThat(scenarios)
        .allSatisfy(
            scenario -> {
              assertThat(ways(scenario))
                  .extracting(way -> way.get("way").getAsString())
                  .containsExactly(
                      Arrays.stream(Way.values()).map(Way::name).toArray(String[]::new));
              assertThat(ways(scenario))
                  .extracting(way -> way.get("count").getAsLong())
                  .containsOnly(1L);
            });
  }

  @Test
  void onlyOnePart_isMeasuredWhenAskedFor() throws Exception {
    Path file = directory.resolve("figures.json");

    int exit =
        BenchMain.run(
            "--smoke",
            "--only",
            "noop",
            "--json",
            file.toString(),
            "--agent",
            AGENT.toString(),
            "--samples",
            SAMPLES.toString());

    assertThat(exit).isZero();
    assertThat(scenarios(file))
        .extracting(scenario -> scenario.get("name").getAsString())
        .containsExactly("noop");
  }

  @Test
  void agentThatDoesNotStart_endsTheRun() {
    int exit = BenchMain.run("--smoke", "--agent", "/bin/false", "--samples", SAMPLES.toString());

    assertThat(exit).isEqualTo(1);
  }

  @Test
  void everyJmhBenchmark_runsAndTellsItsAllocation() throws Exception {
    try (AgentProcess agent = AgentProcess.start(AGENT, directory)) {
      new Places(agent.unix(), agent.tcp(), directory.resolve("in-process")).tell();

      List<JmhRun.Result> results =
          JmhRun.run(
              new OptionsBuilder()
                  .forks(0)
                  .warmupIterations(0)
                  .measurementIterations(1)
                  .measurementTime(TimeValue.milliseconds(50)));

      assertThat(results)
          .extracting(JmhRun.Result::name)
          .containsExactly(
              "CodecBenchmark.decodeNoop",
              "CodecBenchmark.decodeTensor",
              "CodecBenchmark.encodeNoop",
              "CodecBenchmark.encodeTensor",
              "NoopBenchmark.noop way=IN_PROCESS",
              "NoopBenchmark.noop way=LOCAL",
              "NoopBenchmark.noop way=TCP",
              "NoopBenchmark.noop way=UNIX");
      assertThat(results)
          .allSatisfy(result -> assertThat(result.nanosPerCall()).isPositive())
          .filteredOn(result -> result.name().equals("CodecBenchmark.encodeTensor"))
          .allSatisfy(result -> assertThat(result.bytesPerCall()).isGreaterThan(3 * 224 * 224 * 4));
    }
  }

  private static List<JsonObject> scenarios(Path file) throws Exception {
    return objects(
        JsonParser.parseString(Files.readString(file)).getAsJsonObject().get("scenarios"));
  }

  private static List<JsonObject> ways(JsonObject scenario) {
    return objects(scenario.get("ways"));
  }

  private static List<JsonObject> objects(JsonElement array) {
    List<JsonObject> objects = new ArrayList<>();
    array.getAsJsonArray().forEach(element -> objects.add(element.getAsJsonObject()));
    return objects;
  }
}
