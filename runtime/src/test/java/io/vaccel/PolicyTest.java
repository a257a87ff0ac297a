package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final Policy NO_ECHO =
      (operation, input) -> {
        if (operation.equals(Operations.ECHO)) {
          throw new VaccelException(Reason.NOT_ALLOWED, "no echo");
        }
      };

  private final List<String> journal = FakePlugin.journal();
  private final FakePlugin plugin = new FakePlugin("fake", journal);
  private final Vaccel vaccel = Vaccel.builder().plugin(plugin).load();
  private final Session session = vaccel.openSession(NO_ECHO);

  @AfterEach
  void close() {
    vaccel.close();
  }

  @Test
  void forbiddenOperation_reachesNoPlugin() {
    assertThat(Failures.of(() -> session.echo(List.of()))).hasMessage("echo: no echo");
    assertThat(Failures.of(() -> join(session.async().echo(List.of()))).reason())
        .isEqualTo(Reason.NOT_ALLOWED);
    assertThat(journal).isEmpty();
    session.noop();
  }

  @Test
  void operationsWithinOthers_areAskedForToo() {
    plugin.work =
        (operation, input, call, context) ->
            context.perform(Operations.ECHO, new Echo(List.of()), call);
    assertThat(Failures.of(session::noop).reason()).isEqualTo(Reason.NOT_ALLOWED);
    assertThat(journal).containsExactly("fake open", "fake noop");
  }

  @Test
  void operationsThatGenericCallsMean_areAskedForToo() {
    Policy noExec =
        (operation, input) -> {
          if (input instanceof Exec exec) {
            throw new VaccelException(Reason.NOT_ALLOWED, "no " + exec.name());
          }
        };
    List<Argument> read =
        List.of(
            Argument.ofUint8(GenericCode.EXEC.number()),
            Argument.ofString("vadd"),
            Argument.ofString("add"));
    try (Session careful = vaccel.openSession(noExec)) {
      assertThat(Failures.of(() -> careful.generic(read, List.of())))
          .hasMessageContaining("no vadd");
    }
    assertThat(journal).isEmpty();
  }

  private static void join(java.util.concurrent.CompletableFuture<?> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      throw (VaccelException) e.getCause();
    }
  }
}
