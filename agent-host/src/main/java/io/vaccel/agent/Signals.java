package io.vaccel.agent;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGTERM and SIGINT, and SIGHUP where asked for, as events instead of the JVM's own shutdown,
 * which would end with 143 or 130 and would not let a second signal cut the drain short.
 */
final class Signals {
  /** What asks for a reload. */
  static final String HANGUP = "SIGHUP";

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();

  private Signals() {}

  /**
   * Catches the signals from now on.
   *
   * @param reloads whether SIGHUP is an event, too; otherwise it ends the JVM, as when a terminal
   *     is closed
   */
  static Signals caught(boolean reloads) {
    Signals signals = new Signals();
    try {
      List.of("TERM", "INT").forEach(signals::handle);
      if (reloads) {
        signals.handle("HUP");
      }
    } catch (IllegalStateException e) {
      // Then a signal ends the JVM in its own way; nothing else is lost.
      LOG.warn("signals cannot be caught: a signal will end the agent at once", e);
    }
    return signals;
  }

  /** The next signal's name. */
  String await() throws InterruptedException {
    return arrived.take();
  }

  /**
   * Calls {@code sun.misc.Signal.handle}, which the module jdk.unsupported exports for this
   * purpose: the JDK has no other way to hear of a signal without ending. By reflection, because
   * the compiler warns of it and cannot be told that it is wanted.
   */
  private void handle(String name) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object listener =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                arrived.add("SIG" + name);
                return null;
              });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("SIG" + name + " cannot be caught", e);
    }
  }
}
