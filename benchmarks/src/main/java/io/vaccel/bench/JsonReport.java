package io.vaccel.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * The figures for scripts; the fields are explained in the module's {@code README.md} and are only
 * added to.
 */
final class JsonReport {
  private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

  private JsonReport() {}

  /** All that was measured, as one JSON object. */
  static String of(
      Machine machine, Suite.Length length, List<Outcome> outcomes, List<JmhRun.Result> jmh) {
    JsonObject root = new JsonObject();
    root.add("machine", GSON.toJsonTree(machine));
    root.addProperty("length", length.name());
    JsonArray scenarios = new JsonArray();
    outcomes.forEach(outcome -> scenarios.add(scenario(outcome)));
    root.add("scenarios", scenarios);
    JsonArray benchmarks = new JsonArray();
    jmh.forEach(result -> benchmarks.add(jmh(result)));
    root.add("jmh", benchmarks);
    return GSON.toJson(root);
  }

  private static JsonObject scenario(Outcome outcome) {
    JsonObject json = new JsonObject();
    json.addProperty("name", outcome.scenario().name());
    json.addProperty("inBytes", outcome.scenario().inBytes());
    json.addProperty("outBytes", outcome.scenario().outBytes());
    json.addProperty("rounds", outcome.rounds());
    JsonArray rows = new JsonArray();
    outcome.rows().forEach(row -> rows.add(row(row)));
    json.add("ways", rows);
    return json;
  }

  private static JsonObject row(Outcome.Row row) {
    JsonObject json = new JsonObject();
    json.addProperty("way", row.way().name());
    json.addProperty("count", row.count());
    json.addProperty("p50Nanos", row.p50Nanos());
    json.addProperty("p90Nanos", row.p90Nanos());
    json.addProperty("p99Nanos", row.p99Nanos());
    json.addProperty("maxNanos", row.maxNanos());
    json.addProperty("cpuNanos", row.cpuNanos());
    json.addProperty("bytesPerSecond", row.bytesPerSecond());
    add(json, "toRaw", row.toRaw());
    add(json, "toLocal", row.toLocal());
    return json;
  }

  private static JsonObject jmh(JmhRun.Result result) {
    JsonObject json = new JsonObject();
    json.addProperty("name", result.name());
    json.addProperty("nanosPerCall", result.nanosPerCall());
    // JSON has no NaN.
    if (Double.isFinite(result.errorNanos())) {
      json.addProperty("errorNanos", result.errorNanos());
    }
    json.addProperty("bytesPerCall", result.bytesPerCall());
    return json;
  }

  private static void add(JsonObject json, String name, Optional<Ratio> ratio) {
    ratio.ifPresent(value -> json.add(name, GSON.toJsonTree(value)));
  }
}
