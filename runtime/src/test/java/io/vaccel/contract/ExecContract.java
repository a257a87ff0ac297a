package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Argument;
import io.vaccel.ArgumentLayout;
import io.vaccel.ArgumentType;
import io.vaccel.CallOptions;
import io.vaccel.Cancellation;
import io.vaccel.Exec;
import io.vaccel.FunctionCall;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What holds for every plugin that performs {@code exec} and {@code exec_with_resource}: the plugin
 * under test must allow {@link ExecLibraries#setting}.
 */
public interface ExecContract extends PluginContract {
  /** A call that never ends. */
  Exec HANG = new Exec(ExecLibraries.BEHAVIOUR, FunctionCall.of("hang", List.of(), List.of()));

  /** Works with a session of the plugin under test. */
  private <T> T in(Function<Session, T> work) {
    ExecLibraries.compiled();
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      return work.apply(session);
    }
  }

  private Exec.Written exec(String symbol, List<Argument> read, List<Argument> write) {
    return in(
        session -> session.exec(ExecLibraries.BEHAVIOUR, FunctionCall.of(symbol, read, write)));
  }

  private VaccelException failed(String symbol) {
    return failureOf(
        () ->
            exec(
                symbol,
                List.of(Argument.ofInt32(1)),
                List.of(Argument.room(ArgumentType.BUFFER, 16))));
  }

  /** A call that does nothing, and succeeds. */
  private static Exec.Written nothing(Session session) {
    return session.exec(ExecLibraries.BEHAVIOUR, FunctionCall.of("nothing", List.of(), List.of()));
  }

  private static int integer(Exec.Written written) {
    return written.arguments().get(0).data().getInt();
  }

  private static Resource library(Path... files) {
    return Resource.ofFiles(ResourceKind.LIBRARY, files);
  }

  @Test
  default void exec_isOffered() {
    ExecLibraries.compiled();
    try (Vaccel vaccel = open()) {
      PluginContract.assertOffered(vaccel, Operations.EXEC);
      PluginContract.assertOffered(vaccel, Operations.EXEC_WITH_RESOURCE);
    }
  }

  @Test
  default void function_readsAndWritesItsArguments() {
    Exec.Written written =
        exec(
            "work",
            List.of(Argument.ofInt32(5), Argument.ofFloats(1, 2, 3)),
            List.of(
                Argument.room(ArgumentType.INT32, 4),
                Argument.room(ArgumentType.FLOAT32_ARRAY, 12)));
    assertThat(written.arguments().get(0)).isEqualTo(Argument.ofInt32(11));
    assertThat(written.arguments().get(1)).isEqualTo(Argument.ofFloats(2, 4, 6));
    assertThat(written.executedOn().plugin()).isEqualTo("exec");
  }

  @Test
  default void compactLayout_reachesLibrariesOfOlderHeaders() {
    FunctionCall call =
        new FunctionCall(
            "compact_work",
            List.of(Argument.ofInt32(41)),
            List.of(Argument.room(ArgumentType.INT32, 4)),
            ArgumentLayout.COMPACT);
    assertThat(integer(in(session -> session.exec(ExecLibraries.BEHAVIOUR, call)))).isEqualTo(42);
  }

  @Test
  default void typesAndSizes_reachTheLibrary() {
    List<Argument> read =
        List.of(
            Argument.ofString("abc"),
            new Argument(ArgumentType.CUSTOM, 77, ByteBuffer.allocate(3)),
            Argument.of(ArgumentType.RAW, ByteBuffer.allocate(0)));
    ByteBuffer seen =
        exec("describe", read, List.of(Argument.room(ArgumentType.UINT32_ARRAY, 36)))
            .arguments()
            .get(0)
            .data();
    assertThat(seen)
        .isEqualTo(
            ByteBuffer.allocate(36)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(27)
                .putInt(4)
                .putInt(0)
                .putInt(29)
                .putInt(3)
                .putInt(77)
                .putInt(0)
                .putInt(0)
                .putInt(0)
                .flip());
  }

  @Test
  default void largeArguments_travel() {
    int floats = 1 << 20;
    float[] values = new float[floats];
    values[floats - 1] = 3;
    Exec.Written written =
        exec(
            "work",
            List.of(Argument.ofInt32(0), Argument.ofFloats(values)),
            List.of(
                Argument.room(ArgumentType.INT32, 4),
                Argument.room(ArgumentType.FLOAT32_ARRAY, 4 * floats)));
    assertThat(written.arguments().get(1).data().getFloat(4 * (floats - 1))).isEqualTo(6);
  }

  @Test
  default void lessThanTheRoom_isWhatComesBack() {
    Argument room = Argument.room(ArgumentType.BUFFER, 10);
    assertThat(exec("shorter", List.of(), List.of(room)).arguments())
        .containsExactly(room.withData(ByteBuffer.wrap(new byte[] {'a', 'b'})));
  }

  @Test
  default void nonZero_isAFailureOfTheEngine() {
    VaccelException failure = failed("seven");
    assertThat(failure.reason()).isEqualTo(Reason.ENGINE_FAILED);
    assertThat(failure).hasMessageContaining("seven returned 7");
  }

  @Test
  default void missingFunction_isNotFound() {
    assertThat(failed("no_such_function").reason()).isEqualTo(Reason.FUNCTION_NOT_FOUND);
  }

  @Test
  default void unknownLibrary_isNotAllowed() {
    FunctionCall call = FunctionCall.of("nothing", List.of(), List.of());
    VaccelException failure = failureOf(() -> in(session -> session.exec("other", call)));
    assertThat(failure.reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(failure).hasMessageContaining("'other'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"claims_more", "other_buffer", "no_buffer", "overrun"})
  default void writingBesideAnArgument_isNoticed(String symbol) {
    VaccelException failure = failed(symbol);
    assertThat(failure.reason()).isEqualTo(Reason.ENGINE_FAILED);
    assertThat(failure).hasMessageContaining("write[0]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"crash", "wild", "exits", "garbage", "close_all"})
  default void hostileLibrary_losesOnlyItsOwnCall(String symbol) {
    in(
        session -> {
          FunctionCall bad =
              FunctionCall.of(symbol, List.of(), List.of(Argument.room(ArgumentType.BUFFER, 16)));
          VaccelException failure = failureOf(() -> session.exec(ExecLibraries.BEHAVIOUR, bad));
          assertThat(failure.reason()).isEqualTo(Reason.ENGINE_FAILED);
          return nothing(session);
        });
  }

  @Test
  default void hangingLibrary_losesOnlyItsOwnCall() {
    Cancellation cancellation = new Cancellation();
    CallOptions cancellable = CallOptions.within(Duration.ofSeconds(60)).with(cancellation);
    in(
        session -> {
          CompletableFuture<Exec.Written> hanging =
              session.async().submit(Operations.EXEC, HANG, cancellable);
          // Each starts a process, as the hanging call did before them.
          for (int i = 0; i < 3; i++) {
            nothing(session);
          }
          assertThat(hanging).isNotDone();
          cancellation.cancel();
          Reason outcome =
              hanging
                  .handle((written, error) -> ((VaccelException) error).reason())
                  .orTimeout(60, TimeUnit.SECONDS)
                  .join();
          assertThat(outcome).isEqualTo(Reason.CANCELLED);
          return nothing(session);
        });
  }

  @Test
  default void hangingLibrary_endsWithTheDeadline() {
    CallOptions soon = CallOptions.within(Duration.ofSeconds(3));
    in(
        session -> {
          VaccelException failure = failureOf(() -> session.call(Operations.EXEC, HANG, soon));
          assertThat(failure.reason()).isEqualTo(Reason.DEADLINE_EXCEEDED);
          return nothing(session);
        });
  }

  @Test
  default void ownLibrary_isCalledWithItsDependencies() {
    Resource files =
        library(ExecLibraries.compiled().dependency(), ExecLibraries.compiled().dependent());
    FunctionCall call =
        FunctionCall.of(
            "work", List.of(Argument.ofInt32(14)), List.of(Argument.room(ArgumentType.INT32, 4)));
    int written =
        in(
            session -> {
              try (RegisteredResource resource = session.register(files)) {
                assertThat(integer(session.exec(resource, call))).isEqualTo(42);
                return integer(session.exec(resource, call));
              }
            });
    assertThat(written).isEqualTo(42);
  }

  @Test
  default void missingDependency_isNamed() {
    VaccelException failure = resourceFailure(ExecLibraries.compiled().dependent());
    assertThat(failure.reason()).isEqualTo(Reason.LIBRARY_UNREADABLE);
    assertThat(failure).hasMessageContaining(ExecLibraries.DEPENDENCY);
  }

  @Test
  default void fileThatIsNoLibrary_isUnreadable() {
    assertThat(resourceFailure(ExecLibraries.compiled().noLibrary()).reason())
        .isEqualTo(Reason.LIBRARY_UNREADABLE);
  }

  @Test
  default void libraryThatNobodyAllowed_isRefused() {
    ExecLibraries.compiled();
    Resource other =
        Resource.ofBytes(ResourceKind.LIBRARY, "lib.so", ByteBuffer.wrap(new byte[] {1}));
    VaccelException failure = resourceFailure(other);
    assertThat(failure.reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(failure).hasMessageContaining(other.main().digest().hex());
  }

  @Test
  default void syncedResource_isUsedAsItIsNow() throws IOException {
    byte[] code = Files.readAllBytes(ExecLibraries.compiled().dependency());
    ByteBuffer memory = ByteBuffer.wrap(code.clone());
    Resource library = Resource.ofBytes(ResourceKind.LIBRARY, "lib.so", memory);
    memory.put(0, (byte) 0);
    FunctionCall call = FunctionCall.of("no_such_function", List.of(), List.of());
    in(
        session -> {
          RegisteredResource registered = session.register(library.sync());
          assertThat(failureOf(() -> session.exec(registered, call)).reason())
              .isEqualTo(Reason.NOT_ALLOWED);
          memory.put(0, code[0]);
          assertThat(registered.sync()).isTrue();
          // The library is whole again, and loads.
          return assertThat(failureOf(() -> session.exec(registered, call)).reason())
              .isEqualTo(Reason.FUNCTION_NOT_FOUND);
        });
  }

  private VaccelException resourceFailure(Path... files) {
    return resourceFailure(library(files));
  }

  private VaccelException resourceFailure(Resource files) {
    FunctionCall call = FunctionCall.of("work", List.of(), List.of());
    return failureOf(() -> in(session -> session.exec(session.register(files), call)));
  }
}
