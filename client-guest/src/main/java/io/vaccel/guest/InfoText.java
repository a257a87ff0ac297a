package io.vaccel.guest;

import io.vaccel.ModelFormat;
import io.vaccel.Operation;
import io.vaccel.PluginStatus;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes for people what {@code info} has found out. */
final class InfoText {
  private InfoText() {}

  static void print(Info info, PrintWriter out, Screen screen) {
    out.println(GuestCommand.NAME + " " + Version.number());
    out.println(
        info.agent()
            .map(agent -> "agent " + agent)
            .orElse("no agent is named (--agent, VACCEL_RPC_ADDRESS): the plugins here are used"));
    if (info.plugins().isEmpty()) {
      out.println("no plugin is on the class path");
    }
    for (PluginStatus plugin : info.plugins()) {
      out.println();
      String where = plugin.name().equals(RuntimeOptions.AGENT_PLUGIN) ? "" : ", here";
      out.println(screen.strong("plugin " + plugin.name() + where));
      table(facts(plugin.capabilities()), out);
    }
    out.println();
    info.roundTrip()
        .ifPresent(
            trip ->
                out.println(
                    "round trip  min "
                        + Figures.time(trip.min())
                        + ", median "
                        + Figures.time(trip.median())
                        + ", max "
                        + Figures.time(trip.max())
                        + " of "
                        + trip.count()
                        + " no-ops ("
                        + trip.executedOn()
                        + ")"));
    info.unmeasured().ifPresent(why -> out.println("round trip  not measured: " + why));
    out.flush();
  }

  private static Map<String, String> facts(Capabilities capabilities) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "state",
        capabilities.availability() instanceof Availability.Unusable unusable
            ? "not usable: " + unusable.reason()
            : "usable");
    facts.put("device", capabilities.device());
    facts.put(
        "operations",
        capabilities.operations().stream()
            .map(Operation::name)
            .sorted()
            .collect(Collectors.joining(", ")));
    facts.put(
        "formats",
        capabilities.formats().stream()
            .sorted()
            .map(ModelFormat::name)
            .collect(Collectors.joining(", ")));
    facts.putAll(capabilities.details());
    facts.values().removeIf(String::isBlank);
    return facts;
  }

  private static void table(Map<String, String> facts, PrintWriter out) {
    int longest = facts.keySet().stream().mapToInt(String::length).max().orElse(0);
    facts.forEach(
        (name, value) ->
            out.println("  " + name + " ".repeat(longest - name.length() + 2) + value));
  }
}
