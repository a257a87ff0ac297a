package io.vaccel.program;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Signals as events, such as SIGTERM and SIGINT instead of the JVM's own shutdown, which would end
 * with 143 or 130 and would not let a second signal cut a drain short.
 */
public final class Signals {
  /** What asks a program to end. */
  public static final List<String> TO_END = List.of("TERM", "INT");

  /** And what asks for a reload. */
  public static final List<String> TO_END_OR_RELOAD = List.of("TERM", "INT", "HUP");

  /** The name of what asks for a reload, as {@link #await} returns it. */
  public static final String HANGUP = "SIGHUP";

  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();

  private Signals() {}

  /**
   * Catches these signals from now on. One that this process was started to ignore, as {@code
   * nohup} has SIGHUP ignored, stays ignored, and the log says so, of SIGINT at the level of
   * debugging.
   *
   * @param names without SIG, as in {@code TERM}
   */
  public static Signals caught(List<String> names) {
    Signals signals = new Signals();
    try {
      names.forEach(signals::handle);
    } catch (IllegalStateException e) {
      // Then a signal ends the JVM in its own way; nothing else is lost.
      LOG.warn("signals cannot be caught: a signal will end the program at once", e);
    }
    return signals;
  }

  /** The next signal's name, as in {@code SIGTERM}; waits for one. */
  public String await() throws InterruptedException {
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
      Object before =
          signal
              .getMethod("handle", signal, handler)
              .invoke(null, signal.getConstructor(String.class).newInstance(name), listener);
      // The JVM leaves these three ignored (see java -Xrs in its manual), and tells in this way.
      if (TO_END_OR_RELOAD.contains(name) && before == handler.getField("SIG_IGN").get(null)) {
        // Of SIGINT that is usual: a script's "&" does it.
        LOG.atLevel(name.equals("INT") ? Level.DEBUG : Level.WARN)
            .log("SIG{} does nothing: this program was started to ignore it, as by nohup", name);
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("SIG" + name + " cannot be caught", e);
    }
  }
}
