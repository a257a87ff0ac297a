package io.vaccel.backend.tensorflow;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.contract.ModelContract;
import io.vaccel.contract.ModelKit;

final class SavedModelPluginTest implements ModelContract {
  static final SavedModelKit KIT = new SavedModelKit();

  @Override
  public Vaccel open() {
    return Vaccel.builder()
        .set(Settings.PLUGINS, "tensorflow")
        .set("VACCEL_TENSORFLOW_THREADS", "1")
        .load();
  }

  @Override
  public ModelKit models() {
    return KIT;
  }
}
