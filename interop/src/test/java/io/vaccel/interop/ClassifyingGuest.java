package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.Classification;
import io.vaccel.Classify;
import io.vaccel.ErrorCode;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.time.Duration;
import java.util.Optional;

/** Classifies one photograph again and again, in a session of its own. */
final class ClassifyingGuest implements Load.Client<ErrorCode> {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(10);
  private static final Image PHOTO = Image.read(Programs.PHOTOS.resolve("coffee.jpg"));

  private final Session session;
  private final Model model;

  ClassifyingGuest(Vaccel vaccel) {
    session = vaccel.openSession();
    model = session.load(ModelSpec.at(Programs.MODEL), CallOptions.within(LONG_ENOUGH));
  }

  @Override
  public Optional<ErrorCode> call() {
    try {
      Classification result =
          session.call(
              Operations.IMAGE_CLASSIFY,
              new Classify(model, PHOTO, 1),
              CallOptions.within(DEADLINE));
      assertThat(result.labels().get(0).name()).isEqualTo("espresso");
      return Optional.empty();
    } catch (VaccelException e) {
      return Optional.of(e.code());
    }
  }

  @Override
  public void close() {
    model.close();
    session.close();
  }
}
