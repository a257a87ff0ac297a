package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.OpenRegion;
import io.vaccel.Profile;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Sgemm;
import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * Remoting is faithful: what every plugin promises holds for the same plugins at an agent,
 * whichever way leads there. {@link FaithfulIT} compares the bits.
 */
final class RemoteContractIT {
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

  @Test
  void profile_hasWhatBothSidesMeasured() {
    Endpoint unix = agent.unix();
    try (Vaccel guest = RemoteContract.guest(unix).set(Settings.PROFILING, "1").load();
        Session session = guest.openSession()) {
      try (OpenRegion work = session.region("work")) {
        assertThat(work).isNotNull();
        assertThat(session.sgemm(Sgemm.product(1, 1, 1, new float[] {1}, new float[] {2})))
            .isNotNull();
      }
      Profile profile = session.profile();
      assertThat(profile.executedOn().path()).containsExactly(unix.toString());
      Profile.Region here = region(profile, "blas.sgemm", List.of());
      Profile.Region there = region(profile, "blas.sgemm", List.of(unix.toString()));
      assertThat(here.count()).isOne();
      assertThat(there.count()).isOne();
      assertThat(there.total()).as("the host's part of the guest's time").isLessThan(here.total());
      assertThat(region(profile, "work", List.of()).total()).isGreaterThanOrEqualTo(here.total());
      assertThat(region(profile, "blas.sgemm/sgemm", List.of(unix.toString())).total())
          .isLessThanOrEqualTo(there.total());
      assertThat(profile.regions().stream().map(region -> region.path().size()))
          .as("nearest first")
          .isSorted();
    }
  }

  private static Profile.Region region(Profile profile, String name, List<String> path) {
    return profile.regions().stream()
        .filter(region -> region.name().equals(name) && region.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " of " + path + " in " + profile));
  }

  /** The contract, and the profile, which a host keeps only where it measures. */
  interface AtTheAgent extends RemoteContract.WithExec {

    @Test
    default void profile_hasWhatTheHostMeasured() {
      try (Vaccel guest = open();
          Session session = guest.openSession()) {
        assertThat(session.noop()).isNotNull();
        assertThat(session.sgemm(Sgemm.product(1, 1, 1, new float[] {1}, new float[] {2})))
            .isNotNull();
        assertThat(session.profile().regions())
            .as("the guest measures nothing, the host does")
            .allSatisfy(region -> assertThat(region.path()).hasSize(1))
            .extracting(Profile.Region::name)
            .contains("noop", "blas.sgemm", "blas.sgemm/sgemm");
      }
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class InProcess implements AtTheAgent {
    @Override
    public Vaccel open() {
      return agent.inProcess();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class OverUnix implements AtTheAgent {
    @Override
    public Vaccel open() {
      return agent.overUnix();
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class OverTcp implements AtTheAgent {
    @Override
    public Vaccel open() {
      return agent.overTcp();
    }
  }

  @Nested
  final class ModelsInProcess extends EveryFormat {
    @Override
    Vaccel open() {
      return agent.inProcess();
    }
  }

  @Nested
  final class ModelsOverUnix extends EveryFormat {
    @Override
    Vaccel open() {
      return agent.overUnix();
    }
  }
}
