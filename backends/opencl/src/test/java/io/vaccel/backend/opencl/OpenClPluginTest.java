package io.vaccel.backend.opencl;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.KernelArgument;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.RunKernel;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.contract.OpenClContract;
import io.vaccel.contract.OpenClDriver;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The contract on the first device of this machine, and what the operator decides. */
final class OpenClPluginTest implements OpenClContract {

  @BeforeAll
  static void aDriverIsHere() {
    OpenClDriver.assumeInstalled();
  }

  @Override
  public Vaccel open() {
    return allowed("VACCEL_NOTHING", "");
  }

  private static Vaccel allowed(String setting, String value) {
    return Vaccel.builder()
        .set(Settings.PLUGINS, OpenClProvider.NAME)
        .set(OpenClSettings.ALLOW, "1")
        .set(setting, value)
        .load();
  }

  @Test
  void kernels_areOffUnlessTheOperatorAllowsThem() {
    try (Vaccel vaccel = allowed(OpenClSettings.ALLOW, "")) {
      assertThat(can(vaccel).availability())
          .isInstanceOfSatisfying(
              Availability.Unusable.class,
              unusable -> assertThat(unusable.reason()).contains(OpenClSettings.ALLOW + "=1"));
      try (Session session = vaccel.openSession()) {
        assertThat(failureOf(() -> session.call(Operations.OPENCL_RUN, spin(1))).reason())
            .isEqualTo(Reason.NO_PLUGIN);
      }
    }
  }

  @Test
  void limits_areTheOperators() {
    try (Vaccel vaccel = allowed(OpenClSettings.MAX_BYTES, "3");
        Session session = vaccel.openSession()) {
      assertThat(failureOf(() -> session.call(Operations.OPENCL_RUN, spin(1))).reason())
          .isEqualTo(Reason.QUOTA_EXCEEDED);
    }
    try (Vaccel vaccel = allowed(OpenClSettings.MAX_WORK_ITEMS, "1");
        Session session = vaccel.openSession()) {
      RunKernel two =
          new RunKernel(spin(1).source(), "spin", spin(1).arguments(), List.of(2L), List.of());
      VaccelException failure = failureOf(() -> session.call(Operations.OPENCL_RUN, two));
      assertThat(failure.details()).containsEntry("limit", "1").containsEntry("amount", "2");
    }
  }

  @Test
  void kernelThatOutlivesItsCall_keepsTheDeviceUntilItEnds() {
    try (Vaccel vaccel = open();
        Session session = vaccel.openSession()) {
      session.call(Operations.OPENCL_RUN, spin(1));
      CallOptions options = CallOptions.within(Duration.ofMillis(300));
      assertThat(
              failureOf(() -> session.call(Operations.OPENCL_RUN, spin(1_500_000_000), options))
                  .reason())
          .isEqualTo(Reason.DEADLINE_EXCEEDED);
      assertThat(can(vaccel).availability().isUsable()).isFalse();
      long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
      while (!can(vaccel).availability().isUsable()) {
        assertThat(System.nanoTime()).as("the kernel ends").isLessThan(deadline);
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
      assertThat(session.call(Operations.OPENCL_RUN, spin(1)).buffers()).hasSize(1);
    }
  }

  /** Goes round so many times, which no compiler can shorten. */
  private static RunKernel spin(int rounds) {
    String source =
        """
        kernel void spin(global uint *out, int rounds) {
          uint x = 1;
          for (int i = 0; i < rounds; i++) { x ^= x << 13; x ^= x >> 17; x ^= x << 5; }
          out[0] = x;
        }
        """;
    return new RunKernel(
        source,
        "spin",
        List.of(new KernelArgument.Output(4), KernelArgument.Scalar.of(rounds)),
        List.of(1L),
        List.of());
  }

  private static Capabilities can(Vaccel vaccel) {
    return vaccel.plugins().get(0).capabilities();
  }
}
