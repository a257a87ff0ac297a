package io.vaccel.agent;

import io.vaccel.Settings;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;
import java.util.concurrent.CountDownLatch;

/** For tests of the program: a plugin whose no-op never comes back, whatever it is told. */
public final class StuckProvider implements PluginProvider {
  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Plugin create(Settings settings) {
    FakePlugin plugin = new FakePlugin();
    plugin.noop = call -> stay();
    return plugin;
  }

  private static void stay() {
    CountDownLatch never = new CountDownLatch(1);
    while (true) {
      try {
        never.await();
      } catch (InterruptedException e) {
        // That is the point.
      }
    }
  }
}
