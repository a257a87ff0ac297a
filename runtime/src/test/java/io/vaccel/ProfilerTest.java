package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a session measures, and that it measures nothing and keeps nothing beyond its bounds. */
final class ProfilerTest {

  private static Vaccel vaccel(String profiling) {
    return Vaccel.builder()
        .plugin(new FakePlugin("fake", new CopyOnWriteArrayList<>()))
        .set(Settings.PROFILING, profiling)
        .load();
  }

  @Test
  void callsAndOwnRegions_areMeasured() throws Exception {
    try (Vaccel vaccel = vaccel("true");
        Session session = vaccel.openSession()) {
      assertThat(session.noop()).isNotNull();
      assertThat(session.async().noop().get(20, TimeUnit.SECONDS)).isNotNull();
      try (OpenRegion region = session.region("mine")) {
        assertThat(region).isNotNull();
      }
      Profile profile = session.profile();
      assertThat(profile.regions())
          .extracting(Profile.Region::name)
          .containsSubsequence("noop", "mine");
      Profile.Region noop = profile.regions().get(0);
      assertThat(noop.path()).isEmpty();
      assertThat(noop.count()).isEqualTo(2);
      assertThat(noop.samples()).hasSize(2);
      assertThat(noop.total())
          .isEqualTo(noop.samples().get(0).elapsed().plus(noop.samples().get(1).elapsed()));
      assertThat(noop.samples().get(1).start()).isGreaterThan(noop.samples().get(0).start());
    }
  }

  @Test
  void withoutTheSetting_nothingIsMeasured() {
    for (String off : List.of("", "0", "false")) {
      try (Vaccel vaccel = vaccel(off);
          Session session = vaccel.openSession()) {
        assertThat(session.noop()).isNotNull();
        session.region("mine").close();
        assertThat(session.profile().regions()).isEmpty();
      }
    }
  }

  @Test
  void stages_areRegionsOfTheirOwn() {
    Profiler profiler = new Profiler(true);
    Stage stage = new Stage("decode", Duration.ofMillis(3));
    ExecutedOn where = ExecutedOn.here("fake", "CPU", stage);
    profiler.measured(Operations.NOOP, profiler.start(), new Noop.Done(where));

    assertThat(profiler.regions()).extracting(Profile.Region::name).contains("noop/decode");
    assertThat(profiler.regions().get(1).median()).isEqualTo(Duration.ofMillis(3));
  }

  @Test
  void memory_isBounded() {
    Profiler profiler = new Profiler(true);
    for (int i = 0; i < Profile.MAX_REGIONS + 10; i++) {
      profiler.measured("region " + i, profiler.start());
    }
    for (int i = 0; i < Profile.MAX_SAMPLES + 10; i++) {
      profiler.measured("region 0", profiler.start());
    }
    assertThat(profiler.regions()).hasSize(Profile.MAX_REGIONS);
    assertThat(profiler.regions().get(0).samples()).hasSize(Profile.MAX_SAMPLES);
    assertThat(profiler.regions().get(0).count()).isEqualTo(Profile.MAX_SAMPLES + 11);
  }
}
