package io.vaccel.backend.engine;

import io.vaccel.Reason;
import io.vaccel.VaccelException;

/** What an engine says whose native library was left out of the class path. */
public final class MissingLibrary {
  private MissingLibrary() {}

  /**
   * The error that makes its plugin unusable.
   *
   * @param engine its name for people
   * @param platform the platform that this process runs on
   * @param artifact the jar that would have it for that platform
   */
  public static VaccelException of(String engine, String platform, String artifact) {
    return new VaccelException(
        Reason.NO_PLUGIN,
        engine
            + "'s native library for "
            + platform
            + " is not on the class path ("
            + artifact
            + ")");
  }
}
