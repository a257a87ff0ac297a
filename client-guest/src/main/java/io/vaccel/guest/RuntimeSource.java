package io.vaccel.guest;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import java.time.Duration;

/** Makes the runtime that a command uses. */
@FunctionalInterface
interface RuntimeSource {
  /** The plugins on the class path. */
  RuntimeSource CLASS_PATH =
      (settings, timeout) -> Vaccel.builder().settings(settings).timeout(timeout).load();

  /** A runtime with these settings and this deadline for each call; the caller closes it. */
  Vaccel open(Settings settings, Duration timeout);
}
