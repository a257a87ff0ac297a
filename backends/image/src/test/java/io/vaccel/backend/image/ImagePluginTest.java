package io.vaccel.backend.image;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.contract.GenericPictureContract;
import io.vaccel.contract.OpenCvContract;
import io.vaccel.contract.PictureContract;
import io.vaccel.spi.Availability;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImagePluginTest implements PictureContract, GenericPictureContract, OpenCvContract {
  @Override
  public Vaccel open() {
    return Vaccel.builder().set(Settings.PLUGINS, "image:onnx").load();
  }

  @ParameterizedTest
  @ValueSource(strings = {"many", "0", "-1", "1073741825"})
  void badLimit_makesItUnusableAndSaysWhich(String pixels) {
    Vaccel.Builder builder =
        Vaccel.builder().set(Settings.PLUGINS, "image").set(ImageLimits.MAX_PIXELS, pixels);
    try (Vaccel vaccel = builder.load()) {
      assertThat(vaccel.plugins().get(0).capabilities().availability())
          .isInstanceOfSatisfying(
              Availability.Unusable.class,
              why -> assertThat(why.reason()).contains(ImageLimits.MAX_PIXELS, pixels));
    }
  }
}
