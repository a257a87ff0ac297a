package io.vaccel.plugin.vsock;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.Map;
import java.util.Set;

/** Stands for the plugin where its settings lead to no agent, and says why. */
final class UnusablePlugin implements Plugin {
  private final Availability.Unusable why;

  UnusablePlugin(Reason error, String reason) {
    this.why = new Availability.Unusable(reason, error);
  }

  @Override
  public String name() {
    return VsockPluginProvider.NAME;
  }

  @Override
  public Capabilities capabilities() {
    return new Capabilities(why, Set.of(), Set.of(), "", Map.of());
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    throw new VaccelException(why.error(), why.reason());
  }

  @Override
  public void close() {}
}
