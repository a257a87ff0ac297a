package io.vaccel.agent;

import java.io.IOException;

/** The configuration file cannot be used: one line that names file, line and what is wrong. */
final class ConfigException extends IOException {
  private static final long serialVersionUID = 1L;

  ConfigException(String place, String problem) {
    super(place + ": " + problem);
  }
}
