package io.vaccel.agent;

import io.vaccel.Settings;
import java.nio.file.Path;

/** Where the agent keeps content when nobody says where. */
final class StateDirectory {
  private StateDirectory() {}

  /** What systemd prepared for the unit, else {@code vaccel-agent} in the user's cache (XDG). */
  static Path standard(Settings environment) {
    return environment.list("STATE_DIRECTORY").stream()
        .findFirst()
        .map(Path::of)
        .orElseGet(
            () ->
                environment
                    .get("XDG_CACHE_HOME")
                    .map(Path::of)
                    .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                    .resolve("vaccel-agent"));
  }
}
