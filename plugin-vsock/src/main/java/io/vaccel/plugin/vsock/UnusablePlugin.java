package io.vaccel.plugin.vsock;

import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;

/** Stands for the plugin where its settings lead to no agent, and says why. */
final class UnusablePlugin implements Plugin {
  private final String reason;

  UnusablePlugin(String reason) {
    this.reason = reason;
  }

  @Override
  public String name() {
    return VsockPluginProvider.NAME;
  }

  @Override
  public Capabilities capabilities() {
    return Capabilities.none(reason);
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    throw new VaccelException(Reason.NO_PLUGIN, reason);
  }

  @Override
  public void close() {}
}
