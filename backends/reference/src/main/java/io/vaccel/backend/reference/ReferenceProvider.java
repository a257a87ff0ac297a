package io.vaccel.backend.reference;

import io.vaccel.Settings;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Makes the plugin {@code reference}, the last one to be asked. */
public final class ReferenceProvider implements PluginProvider {
  /** Its name. */
  public static final String NAME = "reference";

  private static final int ORDER = LOCAL + 900;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public int order() {
    return ORDER;
  }

  @Override
  public Plugin create(Settings settings) {
    return new ReferencePlugin();
  }
}
