package io.vaccel.spi;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The engine of a plugin, started when the plugin is first asked what it can do, and once. Where it
 * cannot be started the reason is kept: asking again does not try again. Safe for use by several
 * threads.
 *
 * @param <E> what does the work
 */
public final class LateStart<E> {
  private final Supplier<Started<E>> starter;
  private volatile State<E> state;

  /**
   * What came of starting.
   *
   * @param capabilities what is possible
   * @param engine what does it
   */
  public record Started<E>(Capabilities capabilities, E engine) {}

  private record State<E>(Capabilities capabilities, Optional<E> engine) {}

  /**
   * Nothing is started yet.
   *
   * @param starter starts; a {@link VaccelException} of its says why that is impossible, with
   *     {@link Reason#NOT_ALLOWED} where nobody has switched it on
   */
  public LateStart(Supplier<Started<E>> starter) {
    this.starter = starter;
  }

  /** What is possible; starts when that has not been tried. */
  public Capabilities capabilities() {
    return state().capabilities();
  }

  /** What does the work, where it can be done; starts when that has not been tried. */
  public Optional<E> started() {
    return state().engine();
  }

  /**
   * What does the work; starts when that has not been tried.
   *
   * @throws VaccelException {@link Reason#NO_PLUGIN} with the reason when it cannot be used
   */
  public E engine() {
    State<E> known = state();
    if (known.capabilities().availability() instanceof Availability.Unusable unusable) {
      throw new VaccelException(Reason.NO_PLUGIN, unusable.reason());
    }
    return known.engine().orElseThrow();
  }

  /** Makes it unusable for good; returns what was started, for the caller to close. */
  public synchronized Optional<E> close() {
    Optional<E> started = state == null ? Optional.empty() : state.engine();
    state = new State<>(Capabilities.none("the plugin is closed"), Optional.empty());
    return started;
  }

  private State<E> state() {
    State<E> known = state;
    return known != null ? known : start();
  }

  private synchronized State<E> start() {
    if (state == null) {
      try {
        Started<E> started = starter.get();
        state = new State<>(started.capabilities(), Optional.of(started.engine()));
      } catch (VaccelException e) {
        Capabilities none =
            e.reason() == Reason.NOT_ALLOWED
                ? Capabilities.off(e.text())
                : Capabilities.none(e.text());
        state = new State<>(none, Optional.empty());
      }
    }
    return state;
  }
}
