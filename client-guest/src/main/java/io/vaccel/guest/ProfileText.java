package io.vaccel.guest;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.vaccel.Profile;
import java.io.PrintWriter;
import java.util.Locale;

/** Writes where the time of a session went, when it was measured. */
final class ProfileText {
  private ProfileText() {}

  /** One line for each region; nothing when nothing was measured. */
  static void print(Profile profile, PrintWriter out) {
    if (profile.regions().isEmpty()) {
      return;
    }
    out.println();
    out.printf(Locale.ROOT, "%-40s %8s %12s %12s%n", "region", "count", "total", "median");
    for (Profile.Region region : profile.regions()) {
      String where = region.path().isEmpty() ? "" : " @ " + String.join(" -> ", region.path());
      out.printf(
          Locale.ROOT,
          "%-40s %8d %12s %12s%n",
          region.name() + where,
          region.count(),
          Figures.time(region.total()),
          Figures.time(region.median()));
    }
  }

  /** Adds a field {@code profile} when something was measured. */
  static void addTo(JsonObject document, Profile profile) {
    if (!profile.regions().isEmpty()) {
      document.add("profile", json(profile));
    }
  }

  static JsonArray json(Profile profile) {
    JsonArray regions = new JsonArray();
    for (Profile.Region region : profile.regions()) {
      JsonObject one = new JsonObject();
      one.addProperty("name", region.name());
      one.add("path", Json.strings(region.path()));
      one.addProperty("count", region.count());
      one.addProperty("totalMicros", region.total().toNanos() / 1000);
      JsonArray samples = new JsonArray();
      for (Profile.Sample sample : region.samples()) {
        JsonObject measured = new JsonObject();
        measured.addProperty("startMicros", sample.start().toNanos() / 1000);
        measured.addProperty("elapsedMicros", sample.elapsed().toNanos() / 1000);
        samples.add(measured);
      }
      one.add("samples", samples);
      regions.add(one);
    }
    return regions;
  }
}
