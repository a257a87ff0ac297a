package io.vaccel.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.CallOptions;
import io.vaccel.ErrorCode;
import io.vaccel.Model;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Noop;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.PluginStatus;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/**
 * What holds for every plugin, whatever it performs. The contracts of single operations extend this
 * one; a plugin's test class implements those that apply to it.
 */
public interface PluginContract {
  /** Operations that work with models, and therefore need a format. */
  Set<Operation<?, ?>> WITH_MODEL =
      Set.of(
          Operations.MODEL_RUN,
          Operations.IMAGE_CLASSIFY,
          Operations.IMAGE_DETECT,
          Operations.IMAGE_SEGMENT,
          Operations.IMAGE_POSE,
          Operations.IMAGE_DEPTH);

  /** A new runtime that holds the plugin under test; the contract closes it. */
  Vaccel open();

  /** Does something with a model in a session of its own. */
  default void withModel(ModelSpec spec, BiConsumer<Session, Model> work) {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession();
        Model model = session.load(spec, CallOptions.defaults())) {
      work.accept(session, model);
    }
  }

  /**
   * The failure of {@code work}, fit to be shown to a guest; one of an invalid argument names the
   * field.
   */
  static VaccelException failureOf(ThrowingCallable work) {
    VaccelException failure = catchThrowableOfType(VaccelException.class, work);
    assertThat(failure).as("a failure").isNotNull();
    assertThat(failure.text())
        .isNotBlank()
        .doesNotContain(
            "\n",
            "Exception",
            "java.",
            "io.vaccel.",
            "ai.onnxruntime",
            "org.bytedeco",
            "org.tensorflow",
            "/tmp/",
            "/home/",
            "/usr/",
            "/root/");
    if (failure.code() == ErrorCode.INVALID_ARGUMENT) {
      assertThat(failure.details().get(VaccelException.FIELD)).as(failure.text()).isNotBlank();
    }
    return failure;
  }

  /** Asserts that some plugin offers the operation and can be used. */
  static void assertOffered(Vaccel vaccel, Operation<?, ?> operation) {
    assertThat(vaccel.plugins())
        .as("plugins that offer %s", operation)
        .anySatisfy(
            plugin -> {
              assertThat(plugin.capabilities().availability()).isEqualTo(Availability.usable());
              assertThat(plugin.capabilities().operations()).contains(operation);
            });
  }

  @Test
  default void capabilities_areConsistent() {
    try (Vaccel vaccel = open()) {
      List<PluginStatus> plugins = vaccel.plugins();
      assertThat(plugins).isNotEmpty();
      for (PluginStatus plugin : plugins) {
        Capabilities can = plugin.capabilities();
        assertThat(plugin.name()).matches("[a-z0-9-]+");
        assertThat(can.availability()).as(plugin.name()).isEqualTo(Availability.usable());
        assertThat(can.operations()).as(plugin.name()).isNotEmpty();
        assertThat(can.device()).as(plugin.name()).isNotBlank();
        assertThat(can.formats().isEmpty())
            .as("%s takes no models", plugin.name())
            .isEqualTo(can.operations().stream().noneMatch(WITH_MODEL::contains));
        assertThat(Set.of(ModelFormat.values())).containsAll(can.formats());
      }
    }
  }

  @Test
  default void unknownOperation_isRefused() {
    Operation<Noop, Noop.Done> unknown =
        new Operation<>("no.such.operation", Noop.class, Noop.Done.class, true);
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      VaccelException failure = failureOf(() -> session.call(unknown, new Noop()));
      assertThat(failure.reason()).isEqualTo(Reason.NO_PLUGIN);
      assertThat(failure).hasMessageContaining("no.such.operation");
    }
  }

  @Test
  default void closedSession_isRefused() {
    try (Vaccel vaccel = open()) {
      Session session = vaccel.openSession();
      session.close();
      session.close();
      assertThat(failureOf(session::noop).reason()).isEqualTo(Reason.CLOSED);
    }
  }

  @Test
  default void closedRuntime_opensNoSession() {
    Vaccel vaccel = open();
    Session session = vaccel.openSession();
    vaccel.close();
    vaccel.close();
    assertThat(failureOf(vaccel::openSession).reason()).isEqualTo(Reason.CLOSED);
    assertThat(failureOf(session::noop).reason()).isEqualTo(Reason.CLOSED);
  }

  /** Options whose deadline has passed by the time anybody looks. */
  static CallOptions tooShort() {
    return CallOptions.within(java.time.Duration.ofNanos(1));
  }
}
