package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.ErrorCode;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A container that is killed, paused and restarted while guests work: each call ends in time, with
 * a result or a clear error, and the same sessions go on afterwards.
 */
final class ContainerFaultIT {
  private static final int GUESTS = 4;

  @TempDir Path directory;

  @Test
  void killed_isUnavailable_andTheSameSessionsGoOn() throws Exception {
    Set<ErrorCode> seen =
        errorsDuring(ErrorCode.UNAVAILABLE, AgentContainer::kill, AgentContainer::restart);

    assertThat(seen).isSubsetOf(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
  }

  @Test
  void paused_isAPassedDeadline_andTheSameSessionsGoOn() throws Exception {
    Set<ErrorCode> seen =
        errorsDuring(ErrorCode.DEADLINE_EXCEEDED, AgentContainer::pause, AgentContainer::unpause);

    assertThat(seen).isSubsetOf(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
  }

  @Test
  void restarted_isUnavailableForAWhile_andTheSameSessionsGoOn() throws Exception {
    Set<ErrorCode> seen = errorsDuring(ErrorCode.UNAVAILABLE, AgentContainer::restart, agent -> {});

    assertThat(seen).isSubsetOf(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
  }

  /**
   * Lets guests classify, strikes, waits until one sees the error that is expected, mends, and
   * waits until each has a result again. Returns all errors that were seen.
   */
  private Set<ErrorCode> errorsDuring(
      ErrorCode expected, Consumer<AgentContainer> fault, Consumer<AgentContainer> repair)
      throws Exception {
    try (AgentContainer agent = AgentContainer.below(directory)) {
      agent.start();
      try (Vaccel vaccel =
              Vaccel.builder()
                  .set(Settings.PLUGINS, "vsock")
                  .set(Settings.RPC_ADDRESS, agent.endpoint())
                  .load();
          Load<ErrorCode> load = new Load<>(GUESTS, () -> new ClassifyingGuest(vaccel))) {
        load.awaitResults();
        CompletableFuture<Void> seen = load.nextError(expected);
        fault.accept(agent);
        load.await(seen);
        repair.accept(agent);
        load.awaitResults();
        return load.errors();
      }
    }
  }
}
