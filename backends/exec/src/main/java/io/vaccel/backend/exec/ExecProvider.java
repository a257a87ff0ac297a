package io.vaccel.backend.exec;

import io.vaccel.Settings;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Makes the plugin {@code exec}, which is off unless the settings allow libraries. */
public final class ExecProvider implements PluginProvider {
  /** Its name. */
  public static final String NAME = "exec";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Plugin create(Settings settings) {
    return new ExecPlugin(settings);
  }
}
