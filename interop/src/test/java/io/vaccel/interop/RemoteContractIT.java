package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.OpenRegion;
import io.vaccel.Profile;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Sgemm;
import io.vaccel.Vaccel;
import io.vaccel.agent.Agent;
import io.vaccel.agent.AgentLoad;
import io.vaccel.agent.Limit;
import io.vaccel.agent.Quota;
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
  private static final String IN_PROCESS = "remote-contract";

  @TempDir static Path directory;

  private static Vaccel host;
  private static Agent agent;
  private static Endpoint unix;
  private static Endpoint tcp;

  @BeforeAll
  static void startAgent() throws IOException {
    host = EveryPlugin.load();
    agent =
        Agent.builder(host, directory.resolve("state"))
            .quota(Quota.defaults().with(Limit.CALLS_PER_PEER, RemoteContract.CALLS_AT_ONCE))
            .exec(EveryPlugin.exec())
            .listen(new Endpoint.Unix(directory.resolve("a.sock").toString()))
            .listen(Endpoint.parse("tcp:127.0.0.1:0"))
            .inProcess(IN_PROCESS)
            .start();
    unix = agent.endpoints().get(0);
    tcp = agent.endpoints().get(1);
  }

  @AfterAll
  static void agentIsAsBefore_andStops() {
    // Good and bad calls alike left nothing: no session, no buffer, no call.
    AgentLoad load = agent.load();
    agent.close();
    host.close();
    assertThat(load.sessions()).as("%s", load).isZero();
    assertThat(load.bufferBytes()).as("%s", load).isZero();
    assertThat(load.calls()).as("%s", load).isZero();
  }

  @Test
  void profile_hasWhatBothSidesMeasured() {
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
      return RemoteContract.inProcess(IN_PROCESS, unix);
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class OverUnix implements AtTheAgent {
    @Override
    public Vaccel open() {
      return RemoteContract.at(unix);
    }
  }

  @Nested
  @TestInstance(Lifecycle.PER_CLASS)
  final class OverTcp implements AtTheAgent {
    @Override
    public Vaccel open() {
      return RemoteContract.at(tcp);
    }
  }

  @Nested
  final class ModelsInProcess extends EveryFormat {
    @Override
    Vaccel open() {
      return RemoteContract.inProcess(IN_PROCESS, unix);
    }
  }

  @Nested
  final class ModelsOverUnix extends EveryFormat {
    @Override
    Vaccel open() {
      return RemoteContract.at(unix);
    }
  }
}
