package io.vaccel.backend.blas;

import io.vaccel.Settings;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Makes the plugin {@code blas}; OpenBLAS is loaded when it is first asked what it can do. */
public final class BlasProvider implements PluginProvider {
  /** Its name. */
  public static final String NAME = "blas";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Plugin create(Settings settings) {
    return new BlasPlugin(settings);
  }
}
