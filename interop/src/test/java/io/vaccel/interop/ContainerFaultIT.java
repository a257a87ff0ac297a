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
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A container that is killed, paused and restarted while guests work: each call ends in time, with
 * a result or a clear error, and the same sessions go on afterwards.
 */
final class ContainerFaultIT {
  private static final int GUESTS = 4;
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final Duration LONG_ENOUGH = Duration.ofMinutes(10);

  @TempDir Path directory;

  @Test
  void killed_isUnavailable_andTheSameSessionsGoOn() throws Exception {
    Set<ErrorCode> seen =
        errorsDuring(
            agent -> {
              agent.kill();
              return ErrorCode.UNAVAILABLE;
            },
            AgentContainer::restart);

    assertThat(seen).isSubsetOf(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
  }

  @Test
  void paused_isAPassedDeadline_andTheSameSessionsGoOn() throws Exception {
    Set<ErrorCode> seen =
        errorsDuring(
            agent -> {
              agent.pause();
              return ErrorCode.DEADLINE_EXCEEDED;
            },
            AgentContainer::unpause);

    assertThat(seen).isSubsetOf(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
  }

  @Test
  void restarted_isUnavailableForAWhile_andTheSameSessionsGoOn() throws Exception {
    Set<ErrorCode> seen =
        errorsDuring(
            agent -> {
              agent.restart();
              return ErrorCode.UNAVAILABLE;
            },
            agent -> {});

    assertThat(seen).isSubsetOf(ErrorCode.UNAVAILABLE, ErrorCode.DEADLINE_EXCEEDED);
  }

  /** Something that is done to the container; returns the error that guests should then see. */
  @FunctionalInterface
  private interface Fault {
    ErrorCode strike(AgentContainer agent);
  }

  /**
   * Lets guests classify, strikes, waits until one sees the error, mends, and waits until each has
   * a result again.
   */
  private Set<ErrorCode> errorsDuring(Fault fault, Consumer<AgentContainer> repair)
      throws Exception {
    try (AgentContainer agent = AgentContainer.below(directory)) {
      agent.start();
      try (Load load = new Load(agent.endpoint())) {
        load.awaitResults();
        ErrorCode expected = fault.strike(agent);
        load.awaitError(expected);
        repair.accept(agent);
        load.awaitResults();
        return load.errors();
      }
    }
  }

  /** Guests that classify one photograph again and again, each in a session of its own. */
  private static final class Load implements AutoCloseable {
    private final Vaccel vaccel;
    private final Image photo = Image.read(Programs.PHOTOS.resolve("coffee.jpg"));
    private final Map<ErrorCode, CountDownLatch> errors = new EnumMap<>(ErrorCode.class);
    private final Thread[] guests = new Thread[GUESTS];
    private volatile CountDownLatch results = new CountDownLatch(GUESTS);
    private volatile boolean stopping;

    Load(String endpoint) {
      for (ErrorCode code : ErrorCode.values()) {
        errors.put(code, new CountDownLatch(1));
      }
      vaccel =
          Vaccel.builder()
              .set(Settings.PLUGINS, "vsock")
              .set(Settings.RPC_ADDRESS, endpoint)
              .load();
      for (int i = 0; i < GUESTS; i++) {
        guests[i] = new Thread(this::work, "guest-" + i);
        guests[i].start();
      }
    }

    Set<ErrorCode> errors() {
      return errors.keySet().stream()
          .filter(code -> errors.get(code).getCount() == 0)
          .collect(Collectors.toSet());
    }

    /** Waits until each guest has had a result from now on. */
    void awaitResults() throws InterruptedException {
      CountDownLatch now = new CountDownLatch(GUESTS);
      results = now;
      assertThat(now.await(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS))
          .as("each guest has a result; errors so far: %s", errors())
          .isTrue();
    }

    void awaitError(ErrorCode expected) throws InterruptedException {
      assertThat(errors.get(expected).await(LONG_ENOUGH.toSeconds(), TimeUnit.SECONDS))
          .as("%s is seen; errors so far: %s", expected, errors())
          .isTrue();
    }

    private void work() {
      CountDownLatch counted = null;
      try (Session session = vaccel.openSession();
          Model model =
              session.load(ModelSpec.at(Programs.MODEL), CallOptions.within(LONG_ENOUGH))) {
        while (!stopping) {
          CountDownLatch asked = results;
          if (classify(session, model) && counted != asked) {
            counted = asked;
            asked.countDown();
          }
        }
      }
    }

    private boolean classify(Session session, Model model) {
      try {
        Classification result =
            session.call(
                Operations.IMAGE_CLASSIFY,
                new Classify(model, photo, 1),
                CallOptions.within(DEADLINE));
        return result.labels().get(0).name().equals("espresso");
      } catch (VaccelException e) {
        errors.get(e.code()).countDown();
        return false;
      }
    }

    @Override
    public void close() {
      stopping = true;
      for (Thread guest : guests) {
        join(guest);
      }
      vaccel.close();
    }

    private static void join(Thread guest) {
      try {
        guest.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
