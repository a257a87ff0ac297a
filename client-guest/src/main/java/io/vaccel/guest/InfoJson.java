package io.vaccel.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.vaccel.ModelFormat;
import io.vaccel.Operation;
import io.vaccel.PluginStatus;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import java.io.PrintWriter;

/**
 * Writes for programs what {@code info} has found out: one document, described in {@code
 * docs/GUEST-JSON.md}.
 */
final class InfoJson {
  private InfoJson() {}

  static void print(Info info, PrintWriter out) {
    JsonObject document = new JsonObject();
    document.addProperty("version", Version.number());
    document.addProperty("agent", info.agent().orElse(null));
    JsonArray plugins = new JsonArray();
    info.plugins().forEach(plugin -> plugins.add(plugin(plugin)));
    document.add("plugins", plugins);
    document.add("roundTrip", JsonNull.INSTANCE);
    info.roundTrip().ifPresent(trip -> document.add("roundTrip", roundTrip(trip)));
    info.unmeasured().ifPresent(why -> document.addProperty("notMeasured", why));
    Json.print(document, out);
  }

  private static JsonObject plugin(PluginStatus status) {
    Capabilities capabilities = status.capabilities();
    JsonObject object = new JsonObject();
    object.addProperty("name", status.name());
    object.addProperty("usable", capabilities.availability().isUsable());
    if (capabilities.availability() instanceof Availability.Unusable unusable) {
      object.addProperty("reason", unusable.reason());
    }
    object.addProperty("device", capabilities.device());
    object.add(
        "operations",
        Json.strings(capabilities.operations().stream().map(Operation::name).sorted().toList()));
    object.add(
        "formats",
        Json.strings(capabilities.formats().stream().sorted().map(ModelFormat::name).toList()));
    JsonObject details = new JsonObject();
    capabilities.details().forEach(details::addProperty);
    object.add("details", details);
    return object;
  }

  private static JsonObject roundTrip(RoundTrip trip) {
    JsonObject object = new JsonObject();
    object.addProperty("count", trip.count());
    object.addProperty("minMicros", trip.min().toNanos() / 1000);
    object.addProperty("medianMicros", trip.median().toNanos() / 1000);
    object.addProperty("maxMicros", trip.max().toNanos() / 1000);
    object.add("executedOn", Json.executedOn(trip.executedOn()));
    return object;
  }
}
