package io.vaccel.backend.blas;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import org.junit.jupiter.api.Test;

/** The contract in plain Java, and how the plugin comes to choose it. */
final class JavaKernelTest implements KernelContract {

  @Override
  public Vaccel open() {
    return with(BlasSettings.LIBRARY, BlasSettings.NO_LIBRARY);
  }

  private static Vaccel with(String setting, String value) {
    return Vaccel.builder().set(Settings.PLUGINS, BlasProvider.NAME).set(setting, value).load();
  }

  private static Capabilities capabilities(String setting, String value) {
    try (Vaccel vaccel = with(setting, value)) {
      return vaccel.plugins().get(0).capabilities();
    }
  }

  @Test
  void libraryThatIsNotThere_meansJava_andSaysWhatToInstall() {
    Capabilities can = capabilities(BlasSettings.LIBRARY, "libno-such-blas.so.0");

    assertThat(can.device()).isEqualTo("CPU (Java)");
    assertThat(can.details().get("faster")).contains("libopenblas0");
  }

  @Test
  void libraryThatIsNoBlas_meansJava() {
    assertThat(capabilities(BlasSettings.LIBRARY, "libm.so.6").device()).isEqualTo("CPU (Java)");
  }

  @Test
  void settingsOutOfRange_areNamed() {
    for (String name : new String[] {BlasSettings.THREADS, BlasSettings.MAX_RESULT_BYTES}) {
      for (String value : new String[] {"0", "-1", "many", "99999999999999999999"}) {
        assertThat(capabilities(name, value).availability())
            .isInstanceOfSatisfying(
                Availability.Unusable.class,
                unusable -> assertThat(unusable.reason()).contains(name, "'" + value + "'"));
      }
    }
  }
}
