package io.vaccel.backend.engine.example;

import io.vaccel.Settings;
import io.vaccel.backend.engine.EnginePlugin;
import io.vaccel.backend.engine.EngineSettings;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Makes the plugin {@code factor}. */
public final class FactorProvider implements PluginProvider {
  @Override
  public String name() {
    return "factor";
  }

  @Override
  public Plugin create(Settings settings) {
    return new EnginePlugin(
        name(), "Factor", () -> new FactorEngine(EngineSettings.of(settings, "FACTOR")));
  }
}
