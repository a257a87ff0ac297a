package io.vaccel.agent;

import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everywhere the agent listens. Opens and closes listeners as what is wanted changes, without
 * touching the others, and opens again what no client can reach any more. Thread-safe.
 */
final class Listeners implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  /** What a listener gets to accept the connection of a check. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What all listeners together get at the end to send what calls have been answered. */
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);

  /** Makes the listener of a place. */
  interface Opener {
    Listener open(Place place) throws IOException;
  }

  private record Open(Place place, Listener listener) {}

  private record Retired(Listener listener, long closeNanos) {}

  private final Opener opener;
  private final Duration grace;
  private final Map<String, List<Place>> wanted = new LinkedHashMap<>();
  private final Map<Endpoint, Open> open = new LinkedHashMap<>();
  private final Map<Endpoint, String> failures = new HashMap<>();
  private final Set<Open> suspects = new HashSet<>();
  private final List<Retired> retired = new ArrayList<>();
  private boolean closed;

  /** With {@code grace} for the calls on a listener that is not wanted any more. */
  Listeners(Opener opener, Duration grace) {
    this.opener = opener;
    this.grace = grace;
  }

  /**
   * Listens in these places from now on, all of them or none.
   *
   * @throws IOException the first failure, in one line
   */
  synchronized void start(String source, List<Place> places) throws IOException {
    wanted.put(source, List.copyOf(places));
    for (Place place : places) {
      if (open.containsKey(place.endpoint())) {
        throw new IOException("two listeners are wanted at " + place.endpoint());
      }
      open(place);
    }
  }

  /**
   * Makes these the places that {@code source} wants. What is the same as before is left alone; a
   * place that cannot be opened is logged and tried again by {@link #tend}.
   */
  synchronized void want(String source, List<Place> places) {
    wanted.put(source, List.copyOf(places));
    settle();
  }

  /** Where {@code source} wants to listen. */
  synchronized List<Endpoint> wanted(String source) {
    return wanted.getOrDefault(source, List.of()).stream().map(Place::endpoint).toList();
  }

  /** Where it really listens, with the ports that the kernel chose, in the order of opening. */
  synchronized List<Endpoint> endpoints() {
    return open.values().stream().flatMap(one -> one.listener().endpoint().stream()).toList();
  }

  /**
   * Checks each listener as a client would, and tries once more what could not be opened. Opens
   * again at once what has lost its socket, and what twice running accepted nobody: on a busy
   * machine, once is no proof. Waits for listeners that do not answer.
   */
  void tend() throws InterruptedException {
    for (Open one : snapshot()) {
      Optional<String> problem = one.listener().check(PATIENCE);
      if (problem.isEmpty()) {
        clear(one);
      } else if (one.listener().lost().isPresent() || !suspect(one, problem.get())) {
        reopen(one, problem.get());
      }
    }
    synchronized (this) {
      settle();
      suspects.retainAll(open.values());
      retired.removeIf(Listeners::finished);
    }
  }

  private synchronized List<Open> snapshot() {
    return List.copyOf(open.values());
  }

  private synchronized void clear(Open one) {
    suspects.remove(one);
  }

  /** Whether this was the first check that failed, and another one decides. */
  private synchronized boolean suspect(Open one, String problem) {
    if (!suspects.add(one)) {
      return false;
    }
    LOG.info(
        "listener failed a check, the next one decides endpoint={} reason=\"{}\"",
        one.place().endpoint(),
        problem);
    return true;
  }

  private synchronized void reopen(Open broken, String problem) {
    Endpoint endpoint = broken.place().endpoint();
    if (closed || !broken.equals(open.get(endpoint))) {
      return;
    }
    LOG.warn(
        "listener does not work and is opened again endpoint={} reason=\"{}\"", endpoint, problem);
    retire(endpoint);
  }

  private void settle() {
    if (closed) {
      return;
    }
    Map<Endpoint, Place> all = new LinkedHashMap<>();
    wanted
        .values()
        .forEach(places -> places.forEach(place -> all.putIfAbsent(place.endpoint(), place)));
    failures.keySet().retainAll(all.keySet());
    for (Open one : snapshot()) {
      Endpoint endpoint = one.place().endpoint();
      if (!one.place().equals(all.get(endpoint))) {
        retire(endpoint);
        LOG.info("not listening any more endpoint={}", endpoint);
      }
    }
    for (Place place : all.values()) {
      if (!open.containsKey(place.endpoint())) {
        tryOpen(place);
      }
    }
  }

  private void tryOpen(Place place) {
    try {
      open(place);
      failures.remove(place.endpoint());
    } catch (IOException e) {
      if (!e.getMessage().equals(failures.put(place.endpoint(), e.getMessage()))) {
        LOG.error("{}; it is tried again", e.getMessage());
      }
    }
  }

  private void open(Place place) throws IOException {
    Listener listener = opener.open(place);
    open.put(place.endpoint(), new Open(place, listener));
    LOG.info(
        "listening endpoint={}{}{}",
        listener.endpoint().orElse(place.endpoint()),
        place.audience() == Place.Audience.OPERATOR ? " admin=true" : "",
        listener.isProbed() ? "" : " probed=false");
  }

  private void retire(Endpoint endpoint) {
    Listener listener = open.remove(endpoint).listener();
    listener.retire();
    retired.add(new Retired(listener, System.nanoTime() + grace.toNanos()));
  }

  private static boolean finished(Retired old) {
    if (!old.listener().isGone() && old.closeNanos() - System.nanoTime() < 0) {
      old.listener().close();
    }
    return old.listener().isGone();
  }

  /** Closes all of them, in reverse, after a moment for answers that are on their way. */
  @Override
  public synchronized void close() {
    closed = true;
    List<Open> all = new ArrayList<>(open.values());
    letAnswersOut(all);
    for (int i = all.size() - 1; i >= 0; i--) {
      all.get(i).listener().close();
    }
    retired.forEach(old -> old.listener().close());
    open.clear();
    retired.clear();
  }

  /** What is broken off instead looks to a client as if it had cancelled the call itself. */
  private static void letAnswersOut(List<Open> all) {
    all.forEach(one -> one.listener().endGently());
    long deadline = System.nanoTime() + LAST_ANSWERS.toNanos();
    try {
      for (Open one : all) {
        one.listener().awaitGone(Duration.ofNanos(deadline - System.nanoTime()));
      }
    } catch (InterruptedException e) {
      // Somebody is in a hurry: what is left is broken off.
      Thread.currentThread().interrupt();
    }
  }
}
