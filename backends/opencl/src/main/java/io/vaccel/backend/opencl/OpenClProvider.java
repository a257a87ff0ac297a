package io.vaccel.backend.opencl;

import io.vaccel.Settings;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Makes the plugin {@code opencl}; drivers are loaded when it is first asked, if it is allowed. */
public final class OpenClProvider implements PluginProvider {
  /** Its name. */
  public static final String NAME = "opencl";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Plugin create(Settings settings) {
    return new OpenClPlugin(settings);
  }
}
