package io.vaccel.bench;

import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.plugin.vsock.VsockPluginProvider;
import io.vaccel.spi.PluginProvider;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** A session for each way on which operations are performed; closes them all. */
final class Sessions implements AutoCloseable {
  private final Map<Way, Session> sessions = new EnumMap<>(Way.class);
  private final Deque<Runnable> closings = new ArrayDeque<>();

  private Sessions() {}

  /** Opens them all. */
  static Sessions open(Places places) throws IOException {
    Sessions sessions = new Sessions();
    sessions.add(Way.LOCAL, local());
    InProcessAgent agent = InProcessAgent.start(local(), places.state());
    sessions.closings.push(agent::close);
    sessions.add(Way.IN_PROCESS, Vaccel.builder().plugin(agent.plugin()).load());
    sessions.add(Way.UNIX, remote(places.unix()));
    sessions.add(Way.TCP, remote(places.tcp()));
    return sessions;
  }

  /** All plugins that do the work themselves. */
  private static Vaccel local() {
    String names =
        ServiceLoader.load(PluginProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(provider -> provider.order() >= PluginProvider.LOCAL)
            .sorted(Comparator.comparingInt(PluginProvider::order))
            .map(PluginProvider::name)
            .collect(Collectors.joining(":"));
    return Vaccel.builder().set(Settings.PLUGINS, names).load();
  }

  private static Vaccel remote(Endpoint endpoint) {
    return Vaccel.builder()
        .set(Settings.PLUGINS, VsockPluginProvider.NAME)
        .set(Settings.RPC_ADDRESS, endpoint.toString())
        // The first answer of a new agent takes long on a machine that is busy with other things.
        .set("VACCEL_RPC_CONNECT_TIMEOUT_MILLIS", "60000")
        .load();
  }

  private void add(Way way, Vaccel vaccel) {
    closings.push(vaccel::close);
    sessions.put(way, vaccel.openSession());
  }

  /** The sessions, in the order of the ways. */
  Map<Way, Session> byWay() {
    return Collections.unmodifiableMap(sessions);
  }

  @Override
  public void close() {
    while (!closings.isEmpty()) {
      closings.pop().run();
    }
  }
}
