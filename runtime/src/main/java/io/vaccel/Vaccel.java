package io.vaccel;

import io.vaccel.spi.Plugin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runtime: the plugins that are there and the sessions that use them; the same in a guest and
 * in an agent. Safe for use by several threads.
 *
 * <pre>{@code
 * try (Vaccel vaccel = Vaccel.load();
 *      Session session = vaccel.openSession();
 *      Model model = session.load(Path.of("efficientnet-lite0.onnx"))) {
 *   Classification result = session.classify(model, Image.read(photo));
 *   result.top(5).forEach(System.out::println);
 *   System.out.println(result.executedOn());
 * }
 * }</pre>
 */
public final class Vaccel implements AutoCloseable {
  /**
   * Threads for calls that do not block their caller; more do not help work that is bound by the
   * processor.
   */
  private static final int MAX_THREADS = 64;

  /** Calls that wait for such a thread; one more is refused with {@link Reason#QUOTA_EXCEEDED}. */
  private static final int MAX_WAITING = 1024;

  /** How long {@link #close} waits for calls that do not heed their cancellation. */
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Vaccel.class);

  private final List<Plugin> plugins;
  private final CallOptions defaults;
  private final boolean profiling;
  private final ExecutorService executor;
  private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  private Vaccel(List<Plugin> plugins, Duration timeout, boolean profiling) {
    this.profiling = profiling;
    this.plugins = List.copyOf(plugins);
    this.defaults = CallOptions.within(timeout);
    this.executor = newExecutor();
  }

  /**
   * The plugins on the class path, remote ones first, as the environment configures them: {@code
   * VACCEL_PLUGINS} names which ones and their order, {@code VACCEL_RPC_ADDRESS} the agent.
   *
   * @throws VaccelException {@link Reason#NO_PLUGIN} when {@code VACCEL_PLUGINS} names one that is
   *     not there
   */
  public static Vaccel load() {
    return builder().load();
  }

  /** A runtime with other settings than the environment's, or with plugins that are given. */
  public static Builder builder() {
    return new Builder();
  }

  /** A new session; nothing is opened at any plugin before the first call needs it. */
  public Session openSession() {
    return openSession(Policy.ALLOW_ALL);
  }

  /** The same for an owner who may not do everything. */
  public Session openSession(Policy policy) {
    Session session = new Session(plugins, executor, defaults, profiling, policy);
    sessions.add(session);
    var unused = session.dispatcher().ended().thenRun(() -> sessions.remove(session));
    if (closed.get()) {
      session.close();
      throw new VaccelException(Reason.CLOSED, "the runtime is closed");
    }
    return session;
  }

  /** The plugins in the order in which they are asked, with what they can do now. */
  public List<PluginStatus> plugins() {
    return plugins.stream()
        .map(plugin -> new PluginStatus(plugin.name(), PluginLane.capabilities(plugin)))
        .toList();
  }

  /**
   * Closes all sessions, then all plugins. Calls under way are cancelled; a plugin in which one
   * goes on for more than 10 seconds is left open. Closing twice does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    List<Session> open = List.copyOf(sessions);
    open.forEach(Session::close);
    Set<Plugin> busy = busyAfterWait(open);
    for (int i = plugins.size() - 1; i >= 0; i--) {
      Plugin plugin = plugins.get(i);
      if (busy.contains(plugin)) {
        // Freeing a native engine under a running call would crash the process.
        LOG.warn("plugin {} is still at work and is left open", plugin.name());
      } else {
        close(plugin);
      }
    }
    executor.shutdown();
  }

  private static Set<Plugin> busyAfterWait(List<Session> open) {
    CompletableFuture<?>[] ends =
        open.stream()
            .map(session -> session.dispatcher().ended())
            .toArray(CompletableFuture[]::new);
    try {
      CompletableFuture.allOf(ends).get(CLOSE_WAIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("waiting for the last calls", e);
    }
    Set<Plugin> busy = new HashSet<>();
    open.forEach(session -> busy.addAll(session.dispatcher().busy()));
    return busy;
  }

  private static void close(Plugin plugin) {
    try {
      plugin.close();
    } catch (RuntimeException e) {
      LOG.warn("closing plugin {} failed", plugin.name(), e);
    }
  }

  private static ExecutorService newExecutor() {
    AtomicInteger number = new AtomicInteger();
    ThreadFactory threads =
        work -> {
          Thread thread = new Thread(work, "vaccel-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        };
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            MAX_THREADS,
            MAX_THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            threads);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Collects what a runtime is made of; not safe for use by several threads. */
  public static final class Builder {
    private final List<Plugin> given = new ArrayList<>();
    private Settings settings = Settings.ofEnvironment();
    private Duration timeout = CallOptions.DEFAULT_TIMEOUT;

    private Builder() {}

    /** Uses these settings instead of the environment. */
    public Builder settings(Settings newSettings) {
      settings = newSettings;
      return this;
    }

    /** Sets one value on top of the settings. */
    public Builder set(String name, String value) {
      settings = settings.with(name, value);
      return this;
    }

    /**
     * Adds a plugin; once one is given, the class path is not searched. The runtime owns it from
     * then on.
     */
    public Builder plugin(Plugin plugin) {
      given.add(plugin);
      return this;
    }

    /** The deadline of calls that do not name one. */
    public Builder timeout(Duration newTimeout) {
      timeout = newTimeout;
      return this;
    }

    /** Makes the plugins and the runtime. */
    public Vaccel load() {
      return new Vaccel(
          given.isEmpty() ? InstalledPlugins.create(settings) : given,
          timeout,
          settings.isOn(Settings.PROFILING));
    }
  }
}
