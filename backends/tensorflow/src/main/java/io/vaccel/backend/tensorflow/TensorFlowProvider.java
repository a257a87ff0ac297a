package io.vaccel.backend.tensorflow;

import io.vaccel.Settings;
import io.vaccel.backend.engine.EnginePlugin;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Makes the plugin {@code tensorflow}; native code is loaded with the first model. */
public final class TensorFlowProvider implements PluginProvider {
  /** Its name. */
  public static final String NAME = "tensorflow";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Plugin create(Settings settings) {
    return new EnginePlugin(NAME, "TensorFlow", () -> TensorFlowEngine.start(settings));
  }
}
