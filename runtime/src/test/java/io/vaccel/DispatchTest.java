package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DispatchTest {
  private final List<String> journal = FakePlugin.journal();
  private final FakePlugin far = new FakePlugin("far", journal);
  private final FakePlugin near = new FakePlugin("near", journal);
  private final Vaccel vaccel = Vaccel.builder().plugin(far).plugin(near).load();
  private final Session session = vaccel.openSession();

  @AfterEach
  void close() {
    vaccel.close();
  }

  @Test
  void firstPluginThatCan_doesIt() {
    assertThat(session.noop().executedOn().plugin()).isEqualTo("far");
    assertThat(journal).containsExactly("far open", "far noop");
  }

  @Test
  void pluginThatCannotNow_isPassedOver_andUsedWhenItCan() {
    Capabilities can = far.capabilities;
    far.capabilities = Capabilities.none("no agent");
    assertThat(session.noop().executedOn().plugin()).isEqualTo("near");
    far.capabilities = can;
    assertThat(session.noop().executedOn().plugin()).isEqualTo("far");
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      names = {
        "AGENT_UNREACHABLE",
        "AGENT_STOPPING",
        "NO_PLUGIN",
        "QUOTA_EXCEEDED",
        "CONNECTION_LOST"
      })
  void failureOfThePlace_movesOn(Reason reason) {
    far.failing(reason, "not now");
    assertThat(session.noop().executedOn().plugin()).isEqualTo("near");
  }

  @ParameterizedTest
  @EnumSource(
      value = Reason.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "AGENT_UNREACHABLE",
        "AGENT_STOPPING",
        "NO_PLUGIN",
        "QUOTA_EXCEEDED",
        "CONNECTION_LOST"
      })
  void failureOfTheCall_doesNotMoveOn(Reason reason) {
    far.failing(reason, "no");
    assertThat(Failures.of(() -> session.noop()).reason()).isEqualTo(reason);
    assertThat(journal).containsExactly("far open", "far noop");
  }

  @Test
  void operationThatMustNotBeRepeated_staysWhereTheConnectionBroke() {
    far.failing(Reason.CONNECTION_LOST, "reset");
    VaccelException failure = Failures.of(() -> session.call(FakePlugin.ONCE, new Noop()));
    assertThat(failure.reason()).isEqualTo(Reason.CONNECTION_LOST);
    assertThat(journal).doesNotContain("near test.once");
  }

  @Test
  void operationThatMustNotBeRepeated_movesOnWhenItWasNotSent() {
    far.failing(Reason.AGENT_UNREACHABLE, "refused");
    assertThat(session.call(FakePlugin.ONCE, new Noop()).executedOn().plugin()).isEqualTo("near");
  }

  @Test
  void pluginWhoseSessionCannotBeOpened_isPassedOver_andAskedAgain() {
    far.onOpen =
        () -> {
          throw new VaccelException(Reason.AGENT_UNREACHABLE, "connection refused");
        };
    assertThat(session.noop().executedOn().plugin()).isEqualTo("near");
    far.onOpen = () -> {};
    assertThat(session.noop().executedOn().plugin()).isEqualTo("far");
    assertThat(journal)
        .containsExactly("far open", "near open", "near noop", "far open", "far noop");
  }

  @Test
  void error_namesOperationPlaceAndCauseInOneLine() {
    far.failing(Reason.ARGUMENT_INVALID, "the count\r\nis\u2028odd\n");
    VaccelException failure = Failures.of(() -> session.noop());
    assertThat(failure).hasMessage("noop at plugin far: the count is odd");
    assertThat(failure.text()).isEqualTo("the count is odd");
  }

  @Test
  void whenAllFail_theFirstFailureIsReported() {
    far.failing(Reason.AGENT_UNREACHABLE, "connection refused");
    near.failing(Reason.QUOTA_EXCEEDED, "2 of 2 calls");
    assertThat(Failures.of(() -> session.noop()))
        .hasMessage("noop at plugin far: connection refused");
  }

  @Test
  void whenTheSecondFailsForGood_theFirstFailureIsKeptBesideIt() {
    far.failing(Reason.AGENT_UNREACHABLE, "connection refused");
    near.failing(Reason.ARGUMENT_INVALID, "odd");
    VaccelException failure = Failures.of(() -> session.noop());
    assertThat(failure).hasMessage("noop at plugin near: odd");
    assertThat(failure.getSuppressed()).hasSize(1);
    assertThat(failure.getSuppressed()[0]).hasMessageContaining("connection refused");
  }

  @Test
  void agentThatIsAway_andNothingHere_saysWhatToAdd() {
    FakePlugin remote =
        new FakePlugin("remote", journal) {
          @Override
          public String place() {
            return "vsock:2:2048";
          }
        };
    remote.failing(Reason.AGENT_UNREACHABLE, "connection refused");
    try (Vaccel alone = Vaccel.builder().plugin(remote).load();
        Session own = alone.openSession()) {
      assertThat(Failures.of(own::noop))
          .hasMessage(
              "noop at vsock:2:2048: connection refused; to do it here, add"
                  + " vaccel-backend-reference to the class path (and to VACCEL_PLUGINS where that"
                  + " is set)");
    }
  }

  @Test
  void whenNoneCan_eachPluginAndItsReasonIsListed() {
    far.capabilities = Capabilities.none("nobody listens at vsock:2:2048");
    near.capabilities = Capabilities.of("CPU", Operations.ECHO);
    VaccelException failure = Failures.of(() -> session.noop());
    assertThat(failure.reason()).isEqualTo(Reason.NO_PLUGIN);
    assertThat(failure)
        .hasMessage(
            "no plugin can do noop now"
                + " (far: nobody listens at vsock:2:2048; near: does not offer noop)");
  }

  @Test
  void agentThatDoesNotAnswer_isTheError_whenNoOtherPluginCan() {
    far.capabilities =
        new Capabilities(
            new Availability.Unusable("connection refused", Reason.AGENT_UNREACHABLE),
            Set.of(),
            Set.of(),
            "",
            Map.of());
    assertThat(session.noop().executedOn().plugin()).isEqualTo("near");
    near.capabilities = Capabilities.of("CPU", Operations.ECHO);
    VaccelException failure = Failures.of(() -> session.noop());
    assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
    assertThat(failure).hasMessage("noop at plugin far: connection refused");
  }

  @Test
  void formatThatAPluginDoesNotTake_isTheReason() {
    far.capabilities = Capabilities.none("off");
    near.capabilities = near.capabilities.withFormats(Set.of(ModelFormat.TFLITE));
    VaccelException failure =
        Failures.of(() -> session.load(Models.onnx("net.onnx"), CallOptions.defaults()));
    assertThat(failure)
        .hasMessage("no plugin can do model.load now (far: off; near: does not take ONNX models)");
  }

  @Test
  void withoutAnyPlugin_theErrorSaysWhatToAdd() {
    Dispatcher none = new Dispatcher(List.of());
    assertThat(
            Failures.of(
                () ->
                    none.perform(
                        Operations.NOOP,
                        new Noop(),
                        io.vaccel.spi.Call.start(CallOptions.defaults(), Runnable::run))))
        .hasMessageContaining("add vaccel-plugin-vsock or a backend");
  }

  @Test
  void defectOfAPlugin_isInternal_andDoesNotMoveOn() {
    far.work =
        (operation, input, call, context) -> {
          throw new IllegalStateException("/secret/path");
        };
    VaccelException failure = Failures.of(() -> session.noop());
    assertThat(failure.reason()).isEqualTo(Reason.INTERNAL);
    assertThat(failure).hasMessage("noop at plugin far: plugin far failed unexpectedly");
    assertThat(failure).hasCauseInstanceOf(IllegalStateException.class);
    assertThat(journal).doesNotContain("near noop");
  }

  @Test
  void missingNativeLibrary_isInternal() {
    far.onOpen =
        () -> {
          throw new UnsatisfiedLinkError("no engine in java.library.path");
        };
    assertThat(Failures.of(() -> session.noop()).reason()).isEqualTo(Reason.INTERNAL);
  }

  @Test
  void passedDeadline_namesOperationAndPlace() {
    CallOptions options = CallOptions.within(Duration.ofNanos(1));
    VaccelException failure = Failures.of(() -> session.call(Operations.NOOP, new Noop(), options));
    assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
    assertThat(failure).hasMessage("noop at plugin far: no result within 0 ms");
    assertThat(journal).isEmpty();
  }

  @Test
  void deadlineThatPassesInTheFirst_isNotTriedInTheSecond() {
    Cancellation cancellation = new Cancellation();
    far.work =
        (operation, input, call, context) -> {
          cancellation.cancel();
          throw new VaccelException(Reason.AGENT_UNREACHABLE, "gone");
        };
    VaccelException failure =
        Failures.of(
            () ->
                session.call(
                    Operations.NOOP, new Noop(), CallOptions.defaults().with(cancellation)));
    assertThat(failure.reason()).isEqualTo(Reason.CANCELLED);
    assertThat(journal).containsExactly("far open", "far noop");
  }

  @Test
  void operationMadeOfOthers_goesBackThroughTheRuntime() {
    far.capabilities = Capabilities.of("CPU", Operations.ECHO);
    far.work =
        (operation, input, call, context) ->
            new Echo.Reply(
                List.of(), context.perform(Operations.NOOP, new Noop(), call).executedOn());
    assertThat(session.echo(List.of()).executedOn().plugin()).isEqualTo("near");
    assertThat(journal).containsExactly("far open", "far echo", "near open", "near noop");
  }

  @Test
  void pluginThatCannotSayWhatItCan_isPassedOver() {
    FakePlugin broken = new FakePlugin("broken", journal);
    broken.capabilities = null;
    try (Vaccel other = Vaccel.builder().plugin(broken).plugin(near).load();
        Session session = other.openSession()) {
      assertThat(session.noop().executedOn().plugin()).isEqualTo("near");
      assertThat(other.plugins()).hasSize(2);
    }
  }
}
