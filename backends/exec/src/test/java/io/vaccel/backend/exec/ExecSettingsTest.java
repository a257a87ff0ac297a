package io.vaccel.backend.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.vaccel.PluginStatus;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ExecSettingsTest {
  private static final String DIGEST =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void libraries_areNamedByDigest_andMayLieHere() {
    ExecSettings settings =
        ExecSettings.of(
            new Settings(
                Map.of(
                    ExecSettings.LIBRARIES,
                    "a=" + DIGEST + ":/usr/lib/liba.so, b=" + DIGEST + "\nc=" + DIGEST)));
    assertThat(settings.libraries())
        .extracting(AllowedLibrary::name)
        .containsExactly("a", "b", "c");
    assertThat(settings.libraries().get(0).path()).contains(Path.of("/usr/lib/liba.so"));
    assertThat(settings.libraries().get(1).path()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "=" + DIGEST,
        "a=123",
        "../a=" + DIGEST,
        "a=" + DIGEST + ":lib.so",
        "a=" + DIGEST + "x"
      })
  void otherForms_areRefused_andMakeThePluginUnusable(String text) {
    Settings settings = new Settings(Map.of(ExecSettings.LIBRARIES, text));
    assertThat(
            catchThrowableOfType(VaccelException.class, () -> ExecSettings.of(settings)).reason())
        .isEqualTo(Reason.ARGUMENT_INVALID);
    assertThat(reason(settings)).startsWith(ExecSettings.LIBRARIES);
  }

  @Test
  void withoutLibraries_isOff() {
    assertThat(reason(new Settings(Map.of())))
        .isEqualTo("exec is off: no library is allowed (VACCEL_EXEC_LIBRARIES)");
  }

  @Test
  void limits_areChecked() {
    for (String name :
        new String[] {
          ExecSettings.MEMORY, ExecSettings.CPU, ExecSettings.WALL, "VACCEL_EXEC_PROCESSES"
        }) {
      Settings settings = new Settings(Map.of(name, "0"));
      assertThat(catchThrowableOfType(VaccelException.class, () -> ExecSettings.of(settings)))
          .hasMessageContaining(name + " must be a number from ");
    }
  }

  private static String reason(Settings settings) {
    try (Vaccel vaccel =
        Vaccel.builder().settings(settings.with(Settings.PLUGINS, ExecProvider.NAME)).load()) {
      PluginStatus status = vaccel.plugins().get(0);
      return ((Availability.Unusable) status.capabilities().availability()).reason();
    }
  }
}
