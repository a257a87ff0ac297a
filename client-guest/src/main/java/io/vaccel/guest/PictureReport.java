package io.vaccel.guest;

import io.vaccel.Model;
import io.vaccel.Profile;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Hears what a command on pictures does, in the order in which it happens.
 *
 * @param <R> the result for one picture
 */
interface PictureReport<R> {
  /** The model can be used from now on. */
  void loaded(Path file, Model model, Duration took);

  /** One image is done; these files were written of it. */
  void done(Path file, R result, Duration took, List<WrittenFile> written);

  /** The model or an image could not be used. */
  void failed(Path file, VaccelException error);

  /** What was measured of all of it, if anything was. */
  void measured(Profile profile);

  /** Nothing comes any more. */
  void end();
}
