package io.vaccel.agent;

import java.util.Optional;

/** The version of this software, from the manifest of its jar. */
final class Version {
  private Version() {}

  /** For instance {@code 0.1.0}; {@code development} when run from class files. */
  static String text() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
        .orElse("development");
  }
}
