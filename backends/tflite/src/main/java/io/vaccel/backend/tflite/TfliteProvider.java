package io.vaccel.backend.tflite;

import io.vaccel.Settings;
import io.vaccel.backend.engine.EnginePlugin;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Makes the plugin {@code tflite}; native code is loaded when it is first asked what it can do. */
public final class TfliteProvider implements PluginProvider {
  /** Its name. */
  public static final String NAME = "tflite";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Plugin create(Settings settings) {
    return new EnginePlugin(NAME, "TensorFlow Lite", () -> TfliteEngine.start(settings));
  }
}
