package io.vaccel.backend.torch;

import io.vaccel.Settings;
import io.vaccel.backend.engine.EnginePlugin;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Makes the plugin {@code torch}; native code is loaded when it is first asked what it can do. */
public final class TorchProvider implements PluginProvider {
  /** Its name. */
  public static final String NAME = "torch";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Plugin create(Settings settings) {
    return new EnginePlugin(NAME, "LibTorch", () -> TorchEngine.start(settings));
  }
}
