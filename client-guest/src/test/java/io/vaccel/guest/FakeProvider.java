package io.vaccel.guest;

import io.vaccel.Settings;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;

/** Puts the fake engine on the class path of these tests. */
public final class FakeProvider implements PluginProvider {
  @Override
  public String name() {
    return "onnx";
  }

  @Override
  public Plugin create(Settings settings) {
    return FakePlugin.local();
  }
}
