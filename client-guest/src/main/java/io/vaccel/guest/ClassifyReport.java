package io.vaccel.guest;

import io.vaccel.Classification;
import io.vaccel.Model;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.time.Duration;

/** Hears what {@code classify} does, in the order in which it happens. */
interface ClassifyReport {
  /** The model can be used from now on. */
  void loaded(Path file, Model model, Duration took);

  /** One image is done. */
  void classified(Path file, Classification result, Duration took);

  /** The model or an image could not be used. */
  void failed(Path file, VaccelException error);

  /** Nothing comes any more. */
  void end();
}
