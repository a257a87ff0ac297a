package io.vaccel.backend.onnx;

import io.vaccel.Settings;
import io.vaccel.backend.engine.EnginePlugin;
import io.vaccel.backend.engine.EngineSettings;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Makes the plugin {@code onnx}; native code is loaded when it is first asked what it can do. */
public final class OnnxProvider implements PluginProvider {
  /** Its name. */
  public static final String NAME = "onnx";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Plugin create(Settings settings) {
    return new EnginePlugin(
        NAME,
        "ONNX Runtime",
        () -> OnnxEngine.start(settings, EngineSettings.of(settings, "ONNX")));
  }
}
