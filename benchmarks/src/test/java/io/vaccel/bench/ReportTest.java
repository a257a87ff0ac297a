package io.vaccel.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {
  private static final Machine MACHINE = new Machine("Model X", 2, 4096, "Linux 6", "JVM 17", 0.25);

  @Test
  void table_hasALineForEachWay() {
    List<String> lines =
        TextReport.table(
                outcome(
                    1 << 20,
                    row(Way.LOCAL, 5e3, Optional.empty()),
                    row(Way.RAW_UNIX, 250e3, Optional.empty()),
                    row(Way.UNIX, 500e3, Optional.of(new Ratio(2, 1.5, 2.25)))))
            .lines()
            .toList();

    assertThat(lines).hasSize(5);
    assertThat(lines.get(0)).isEqualTo("a title (1048576 bytes in, 1048576 out; 7 rounds)");
    assertThat(columns(lines.get(2)))
        .containsExactly("local", "1000", "5.00us", "10.0us", "15.0us", "2.50us", "-", "-", "-");
    assertThat(columns(lines.get(4)))
        .containsExactly(
            "gRPC Unix",
            "1000",
            "500us",
            "1.00ms",
            "1.50ms",
            "250us",
            "4.19",
            "2.00 (1.50-2.25)",
            "-");
  }

  @Test
  void ratioToNothing_isNotGivenInDigits() {
    Ratio ratio = new Ratio(123_456, 1, 2);

    assertThat(TextReport.table(outcome(64, row(Way.TCP, 1e3, Optional.of(ratio)))))
        .contains("over 10000")
        .doesNotContain("123");
  }

  @Test
  void fewBytes_haveNoRate() {
    String table = TextReport.table(outcome(64, row(Way.TCP, 100e3, Optional.empty())));

    assertThat(columns(table.lines().toList().get(2))).element(6).isEqualTo("-");
  }

  @Test
  void machine_isNamedTogetherWithTheCaveat() {
    assertThat(TextReport.machine(MACHINE))
        .contains("Model X, 2 cores, 4096 MiB, load average 0.25")
        .contains("Linux 6; JVM 17")
        .contains("Read the ratios, not the times")
        .doesNotContain("WARNING");
  }

  @Test
  void busyMachine_isWarnedOf() {
    assertThat(TextReport.machine(new Machine("Model X", 2, 4096, "Linux 6", "JVM 17", 1.5)))
        .contains("WARNING  This machine is busy");
  }

  @Test
  void json_holdsWhatWasMeasured() {
    Outcome outcome =
        outcome(
            1 << 20,
            row(Way.LOCAL, 5e3, Optional.empty()),
            row(Way.UNIX, 500e3, Optional.of(new Ratio(2, 1.5, 2.25))));
    List<JmhRun.Result> jmh =
        List.of(new JmhRun.Result("A.b", 10, 1, 24), new JmhRun.Result("A.c", 10, Double.NaN, 24));

    JsonObject root =
        JsonParser.parseString(JsonReport.of(MACHINE, Suite.Length.QUICK, List.of(outcome), jmh))
            .getAsJsonObject();

    assertThat(root.get("length").getAsString()).isEqualTo("QUICK");
    assertThat(root.getAsJsonObject("machine").get("cpu").getAsString()).isEqualTo("Model X");
    JsonObject scenario = root.getAsJsonArray("scenarios").get(0).getAsJsonObject();
    assertThat(scenario.get("name").getAsString()).isEqualTo("name");
    assertThat(scenario.get("inBytes").getAsInt()).isEqualTo(1 << 20);
    assertThat(scenario.get("rounds").getAsInt()).isEqualTo(7);
    JsonObject local = scenario.getAsJsonArray("ways").get(0).getAsJsonObject();
    assertThat(local.has("toRaw")).isFalse();
    JsonObject unix = scenario.getAsJsonArray("ways").get(1).getAsJsonObject();
    assertThat(unix.get("way").getAsString()).isEqualTo("UNIX");
    assertThat(unix.get("count").getAsLong()).isEqualTo(1000);
    assertThat(unix.get("p50Nanos").getAsDouble()).isEqualTo(500e3);
    assertThat(unix.getAsJsonObject("toRaw").get("upper").getAsDouble()).isEqualTo(2.25);
    JsonObject result = root.getAsJsonArray("jmh").get(0).getAsJsonObject();
    assertThat(result.get("bytesPerCall").getAsDouble()).isEqualTo(24);
    assertThat(root.getAsJsonArray("jmh").get(1).getAsJsonObject().has("errorNanos")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"0.1234, 0.123", "1.234, 1.23", "12.34, 12.3", "123.4, 123", "1234.4, 1234"})
  void figures_haveThreeDigits(double value, String text) {
    assertThat(TextReport.threeDigits(value)).isEqualTo(text);
  }

  private static List<String> columns(String line) {
    return List.of(line.strip().split(" {2,}| (?=[-\\d])", -1));
  }

  private static Outcome outcome(int bytes, Outcome.Row... rows) {
    List<Contender> contenders =
        List.of(rows).stream().map(row -> new Contender(row.way(), () -> {})).toList();
    return new Outcome(new Scenario("name", "a title", bytes, bytes, contenders), 7, List.of(rows));
  }

  private static Outcome.Row row(Way way, double p50, Optional<Ratio> toRaw) {
    return new Outcome.Row(
        way,
        1000,
        p50,
        2 * p50,
        3 * p50,
        4 * p50,
        p50 / 2,
        2.0 * (1 << 20) / p50 * 1e9,
        toRaw,
        Optional.empty());
  }
}
