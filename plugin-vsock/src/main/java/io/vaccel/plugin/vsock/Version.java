package io.vaccel.plugin.vsock;

import java.util.Optional;

/** The version of this software, as its jar says. */
final class Version {
  static final String OWN =
      Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
          .orElse("unreleased");

  private Version() {}
}
