package io.vaccel.agent;

import io.vaccel.Settings;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** For tests of the program: a plugin whose no-op never comes back, whatever it is told. */
public final class StuckProvider implements PluginProvider {
  /** Switches on that it is not started before it is closed. */
  static final String SLOW = "VACCEL_FAKE_SLOW";

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public Plugin create(Settings settings) {
    FakePlugin plugin = new FakePlugin();
    plugin.noop = call -> stay();
    if (settings.isOn(SLOW)) {
      CountDownLatch closed = new CountDownLatch(1);
      plugin.capabilities = () -> noneAfter(closed);
      plugin.closing =
          () -> {
            closed.countDown();
            awaitReport();
          };
    }
    return plugin;
  }

  private static Capabilities noneAfter(CountDownLatch closed) {
    HeldNoop.await(closed);
    return Capabilities.none("the plugin is closed");
  }

  /** The program must not end before it has said what it has to say of this plugin. */
  private static void awaitReport() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("vaccel-plugins")) {
        try {
          thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
          throw new AssertionError(e);
        }
      }
    }
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
