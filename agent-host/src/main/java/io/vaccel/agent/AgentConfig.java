package io.vaccel.agent;

import io.vaccel.transport.TlsSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator wants, from the configuration file and the command line; immutable.
 *
 * @param state where uploaded content is kept
 * @param plugins which to use, in this order
 * @param limits what differs from the defaults
 * @param guests names of guests
 * @param places where to listen, the operator's place included
 * @param vms directories of VMs to listen for
 * @param exec functions of which libraries guests may have called
 * @param fetch where content is fetched from
 * @param watchdog how often each listener is checked
 */
record AgentConfig(
    Optional<Path> state,
    Optional<List<String>> plugins,
    Map<Limit, Long> limits,
    GuestNames guests,
    List<Place> places,
    List<VmDirectory> vms,
    ExecRules exec,
    FetchList fetch,
    Duration watchdog) {

  /** Soon enough that a guest's tries to connect again last longer, and next to no work. */
  static final Duration STANDARD_WATCHDOG = Duration.ofSeconds(5);

  AgentConfig {
    plugins = plugins.map(List::copyOf);
    limits = Map.copyOf(limits);
    places = List.copyOf(places);
    vms = List.copyOf(vms);
  }

  /** Nothing configured. */
  static AgentConfig none() {
    return new AgentConfig(
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        GuestNames.none(),
        List.of(),
        List.of(),
        ExecRules.none(),
        FetchList.NOWHERE,
        STANDARD_WATCHDOG);
  }

  /** The same with more places and directories, which come first. */
  AgentConfig listening(List<Place> morePlaces, List<VmDirectory> moreVms) {
    return new AgentConfig(
        state,
        plugins,
        limits,
        guests,
        joined(morePlaces, places),
        joined(moreVms, vms),
        exec,
        fetch,
        watchdog);
  }

  /**
   * The same that allows more.
   *
   * @throws IllegalArgumentException when the two contradict each other
   */
  AgentConfig allowing(ExecRules moreExec, List<URI> fetchFrom) {
    return new AgentConfig(
        state,
        plugins,
        limits,
        guests,
        places,
        vms,
        exec.and(moreExec),
        fetch.and(fetchFrom),
        watchdog);
  }

  /**
   * Reads the files of TLS that it names.
   *
   * @throws IOException one line that names the place, the file and why a server cannot use it
   */
  void requireTls() throws IOException {
    for (Place place : places) {
      try {
        place.settings().tls().ifPresent(TlsSettings::requireServer);
      } catch (IllegalArgumentException e) {
        throw new IOException(place.endpoint() + ": " + e.getMessage(), e);
      }
    }
  }

  /** The plugins as {@code VACCEL_PLUGINS} names them. */
  Optional<String> pluginNames() {
    return plugins.map(names -> String.join(":", names));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** What an agent that runs with this configuration cannot take over from another one. */
  List<String> needsRestart(AgentConfig other) {
    List<String> keys = new ArrayList<>();
    if (!state.equals(other.state)) {
      keys.add("state");
    }
    if (!plugins.equals(other.plugins)) {
      keys.add("plugins");
    }
    if (!limits.equals(other.limits)) {
      keys.add("limits");
    }
    if (!exec.libraries().equals(other.exec.libraries())) {
      keys.add("libraries of exec");
    }
    return keys;
  }
}
