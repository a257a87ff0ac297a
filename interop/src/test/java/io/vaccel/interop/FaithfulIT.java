package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Session;
import io.vaccel.Vaccel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Remoting is faithful, bit for bit: every case gives at an agent what it gives at the host itself,
 * results and errors alike. {@link HybridVmIT} does the same from a VM.
 */
final class FaithfulIT {
  private static final Map<FaithfulCase, String> AT_THE_HOST = new HashMap<>();

  @TempDir static Path directory;

  private static EveryPluginAgent agent;

  @BeforeAll
  static void startAgent() throws IOException {
    agent = EveryPluginAgent.start(directory);
  }

  @AfterAll
  static void agentIsAsBefore_andStops() {
    agent.close();
  }

  private static String atTheHost(FaithfulCase one) {
    try (Session session = agent.host().openSession()) {
      return Outcome.of(one, session);
    }
  }

  /** All cases, over one way to the agent. */
  interface BesideTheHost {
    /** A new guest of the agent. */
    Vaccel open();

    @ParameterizedTest(name = "{0}")
    @MethodSource("io.vaccel.interop.FaithfulCases#all")
    default void outcome_isThatOfTheHost(FaithfulCase one) {
      one.assumeReady();
      try (Vaccel guest = open();
          Session remote = guest.openSession()) {
        String here = AT_THE_HOST.computeIfAbsent(one, FaithfulIT::atTheHost);
        assertThat(Outcome.isGood(here)).as(here).isEqualTo(one.good());
        assertThat(Outcome.of(one, remote)).isEqualTo(here);
      }
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class InProcess implements BesideTheHost {
    @Override
    public Vaccel open() {
      return agent.inProcess();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class OverUnix implements BesideTheHost {
    @Override
    public Vaccel open() {
      return agent.overUnix();
    }
  }
}
