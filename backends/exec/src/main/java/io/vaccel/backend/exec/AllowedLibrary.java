package io.vaccel.backend.exec;

import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.ResourceName;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A library that the operator allows.
 *
 * @param name by which callers of {@code exec} know it
 * @param digest of the one file that is meant
 * @param path where it lies on this machine; empty when callers bring it
 */
record AllowedLibrary(String name, Digest digest, Optional<Path> path) {

  /**
   * Reads {@code NAME=SHA256} or {@code NAME=SHA256:PATH}.
   *
   * @throws VaccelException {@link Reason#ARGUMENT_INVALID} when it is neither
   */
  static AllowedLibrary parse(String text) {
    int equals = text.indexOf('=');
    int colon = text.indexOf(':', equals);
    if (equals < 1 || text.substring(0, equals).contains("/")) {
      throw invalid(text, "is not NAME=SHA256 or NAME=SHA256:PATH");
    }
    Optional<Path> path =
        colon < 0 ? Optional.empty() : Optional.of(Path.of(text.substring(colon + 1)));
    if (path.isPresent() && !path.get().isAbsolute()) {
      throw invalid(text, "has a path that is not absolute");
    }
    try {
      return new AllowedLibrary(
          ResourceName.check(text.substring(0, equals)),
          new Digest(text.substring(equals + 1, colon < 0 ? text.length() : colon)),
          path);
    } catch (VaccelException e) {
      throw invalid(text, e.text());
    }
  }

  private static VaccelException invalid(String text, String why) {
    return new VaccelException(
        Reason.ARGUMENT_INVALID, ExecSettings.LIBRARIES + ": '" + text + "' " + why);
  }
}
