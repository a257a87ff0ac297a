package io.vaccel.backend.image;

import io.vaccel.Settings;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Makes the plugin {@code image}. */
public final class ImageProvider implements PluginProvider {
  /** Its name. */
  public static final String NAME = "image";

  private static final int ORDER = LOCAL + 100;

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
    return new ImagePlugin(settings);
  }
}
