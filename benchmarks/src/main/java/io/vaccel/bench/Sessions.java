package io.vaccel.bench;

import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/** A session for each way on which operations are performed; closes them all. */
final class Sessions implements AutoCloseable {
  /** The plugins that work in this process. */
  private static final String LOCAL_PLUGINS = "image:onnx:reference";

  private static final String REMOTE_PLUGINS = "vsock";

  private final Map<Way, Session> sessions = new EnumMap<>(Way.class);
  private final Deque<Vaccel> open = new ArrayDeque<>();

  private Sessions() {}

  /** Sessions in this process and at an agent that listens on these two endpoints. */
  static Sessions open(Endpoint unix, Endpoint tcp) {
    Sessions sessions = new Sessions();
    sessions.add(Way.LOCAL, Vaccel.builder().set(Settings.PLUGINS, LOCAL_PLUGINS));
    sessions.add(Way.UNIX, remote(unix));
    sessions.add(Way.TCP, remote(tcp));
    return sessions;
  }

  private static Vaccel.Builder remote(Endpoint endpoint) {
    return Vaccel.builder()
        .set(Settings.PLUGINS, REMOTE_PLUGINS)
        .set(Settings.RPC_ADDRESS, endpoint.toString());
  }

  private void add(Way way, Vaccel.Builder builder) {
    Vaccel vaccel = builder.load();
    open.push(vaccel);
    sessions.put(way, vaccel.openSession());
  }

  /** The sessions, in the order of the report. */
  Map<Way, Session> byWay() {
    return Map.copyOf(sessions);
  }

  @Override
  public void close() {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }
}
