package io.vaccel.contract;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Argument;
import io.vaccel.ArgumentType;
import io.vaccel.GenericCode;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.RegisteredResource;
import io.vaccel.Resource;
import io.vaccel.ResourceKind;
import io.vaccel.Session;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a runtime promises for {@link Operations#GENERIC_CALL} of functions when its plugins perform
 * {@link ExecContract}.
 */
public interface GenericExecContract extends PluginContract {

  @Test
  default void genericExec_callsTheOperatorsLibrary() {
    ExecLibraries.compiled();
    List<Argument> rooms =
        List.of(
            Argument.room(ArgumentType.INT32, 4), Argument.room(ArgumentType.FLOAT32_ARRAY, 12));
    GenericContract.withSession(
        this,
        session ->
            assertThat(
                    exec(
                        session,
                        ExecLibraries.BEHAVIOUR,
                        "work",
                        rooms,
                        Argument.ofInt32(5),
                        Argument.ofFloats(1, 2, 3)))
                .containsExactly(Argument.ofInt32(11), Argument.ofFloats(2, 4, 6)));
  }

  @Test
  default void genericExecWithResource_callsOnesOwnLibrary() {
    ExecLibraries libraries = ExecLibraries.compiled();
    Resource files =
        Resource.ofFiles(ResourceKind.LIBRARY, libraries.dependency(), libraries.dependent());
    List<Argument> rooms = List.of(Argument.room(ArgumentType.INT32, 4));
    GenericContract.withSession(
        this,
        session -> {
          try (RegisteredResource library = session.register(files)) {
            List<Argument> read =
                List.of(
                    Argument.ofInt64(library.id()),
                    Argument.ofString("work"),
                    Argument.ofInt32(14));
            assertThat(
                    GenericContract.call(session, GenericCode.EXEC_WITH_RESOURCE, read, rooms)
                        .arguments())
                .containsExactly(Argument.ofInt32(42));
          }
        });
  }

  @Test
  default void genericExecOfWhatIsNotThere_isRefused() {
    ExecLibraries.compiled();
    GenericContract.withSession(
        this,
        session -> {
          assertThat(failureOf(() -> exec(session, "other", "work", List.of())).reason())
              .isEqualTo(Reason.NOT_ALLOWED);
          assertThat(
                  failureOf(() -> exec(session, ExecLibraries.BEHAVIOUR, "none", List.of()))
                      .reason())
              .isEqualTo(Reason.FUNCTION_NOT_FOUND);
          GenericContract.assertRefused(
              session,
              GenericCode.EXEC,
              "library",
              List.of(Argument.ofString("/lib/libc.so.6"), Argument.ofString("work")));
          GenericContract.assertRefused(
              session,
              GenericCode.EXEC,
              "symbol",
              List.of(Argument.ofString("behaviour"), Argument.ofString("no symbol")));
          GenericContract.assertRefused(
              session, GenericCode.EXEC, "read[2]", List.of(Argument.ofString("behaviour")));
          List<Argument> unknown = List.of(Argument.ofInt64(4711), Argument.ofString("work"));
          assertThat(
                  failureOf(
                          () ->
                              GenericContract.call(
                                  session, GenericCode.EXEC_WITH_RESOURCE, unknown, List.of()))
                      .reason())
              .isEqualTo(Reason.RESOURCE_NOT_FOUND);
          try (RegisteredResource model = session.register(TinyModels.colours().resource())) {
            GenericContract.assertRefused(
                session,
                GenericCode.EXEC_WITH_RESOURCE,
                "resource_id",
                List.of(Argument.ofInt64(model.id()), Argument.ofString("work")));
          }
        });
  }

  private static List<Argument> exec(
      Session session, String library, String symbol, List<Argument> rooms, Argument... own) {
    List<Argument> read =
        Stream.concat(
                Stream.of(Argument.ofString(library), Argument.ofString(symbol)), Stream.of(own))
            .toList();
    return GenericContract.call(session, GenericCode.EXEC, read, rooms).arguments();
  }
}
