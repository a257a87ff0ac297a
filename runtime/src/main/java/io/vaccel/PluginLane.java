package io.vaccel;

import io.vaccel.spi.Call;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One plugin within one session: opened, and given its models, when it is first needed; safe for
 * use by several threads.
 *
 * <p>Loading one model does not hold up calls with another. A model is unloaded, and the plugin's
 * session closed, when the last call that uses it has returned.
 */
final class PluginLane {
  private static final Logger LOG = LoggerFactory.getLogger(PluginLane.class);

  private final Plugin plugin;
  private final SessionContext context;
  private final Executor executor;
  private final Gate gate;
  private final Shared<PluginSession> session = new Shared<>();
  private final Map<Model, Loading> models = new ConcurrentHashMap<>();
  private volatile boolean asked;

  PluginLane(Plugin plugin, SessionContext context, Executor executor) {
    this.plugin = plugin;
    this.context = context;
    this.executor = executor;
    this.gate = new Gate(this::closeSession, executor);
  }

  /** A plugin's session, and with it the input's model, held for one call. */
  final class Use implements AutoCloseable {
    private final Optional<Loading> model;

    private Use(Optional<Loading> model) {
      this.model = model;
    }

    PluginSession session() {
      return session.now().orElseThrow();
    }

    PluginLane lane() {
      return PluginLane.this;
    }

    @Override
    public void close() {
      model.ifPresent(used -> used.gate.leave());
      gate.leave();
    }
  }

  /** A model in this plugin. */
  private final class Loading {
    private final Model model;
    private final Gate gate = new Gate(this::unload, executor);
    private final Shared<LoadedModel> loaded = new Shared<>();

    private Loading(Model model) {
      this.model = model;
    }

    private void unload() {
      if (loaded.now().isEmpty() || !PluginLane.this.gate.enter()) {
        // It never loaded, or went with the plugin's session.
        return;
      }
      try {
        session.now().orElseThrow().unload(model);
      } catch (RuntimeException e) {
        LOG.warn("unloading {} from plugin {} failed", model, plugin.name(), e);
      } finally {
        PluginLane.this.gate.leave();
      }
    }
  }

  String place() {
    return plugin.place();
  }

  /** Whether the plugin's work is done by somebody else. */
  boolean isElsewhere() {
    return !plugin.place().equals("plugin " + plugin.name());
  }

  Plugin plugin() {
    return plugin;
  }

  String name() {
    return plugin.name();
  }

  /** What the plugin can do now; asking for the first time may block. */
  Capabilities capabilities() {
    Capabilities answer = capabilities(plugin);
    asked = true;
    return answer;
  }

  /** What a plugin can do now; nothing when it has a defect, which is logged here. */
  static Capabilities capabilities(Plugin plugin) {
    try {
      return Objects.requireNonNull(plugin.capabilities(), "capabilities");
    } catch (RuntimeException | LinkageError e) {
      LOG.error("plugin {} failed to say what it can do", plugin.name(), e);
      return Capabilities.none("failed unexpectedly when asked what it can do");
    }
  }

  /** Whether {@link #capabilities} was asked before, so that asking again does not block. */
  boolean isAsked() {
    return asked;
  }

  /** The plugin's session when it is open and holds the input's model; never blocks. */
  Optional<Use> ready(Object input) {
    if (session.now().isEmpty() || !gate.enter()) {
      return Optional.empty();
    }
    if (!(input instanceof ModelInput needs)) {
      return Optional.of(new Use(Optional.empty()));
    }
    Loading loading = models.get(needs.model());
    if (loading == null || loading.loaded.now().isEmpty() || !loading.gate.enter()) {
      gate.leave();
      return Optional.empty();
    }
    return Optional.of(new Use(Optional.of(loading)));
  }

  <I, O extends Result> O perform(Operation<I, O> operation, I input, Call call) {
    Optional<Model> model =
        input instanceof ModelInput needs ? Optional.of(needs.model()) : Optional.empty();
    try (Use use = use(model, call)) {
      return use.session().perform(operation, input, call);
    }
  }

  /** What the plugin measured elsewhere for this session; nothing when it was not used yet. */
  Optional<Profile> profile(Call call) {
    if (session.now().isEmpty() || !gate.enter()) {
      return Optional.empty();
    }
    try {
      return session.now().orElseThrow().profile(call);
    } catch (VaccelException e) {
      LOG.debug("plugin {} does not tell its profile", plugin.name(), e);
      return Optional.empty();
    } finally {
      gate.leave();
    }
  }

  /** Loads the model unless it is loaded. */
  LoadedModel load(Model model, Call call) {
    try (Use use = use(Optional.of(model), call)) {
      return use.model.orElseThrow().loaded.now().orElseThrow();
    }
  }

  void unload(Model model) {
    Loading loading = models.remove(model);
    if (loading != null) {
      loading.gate.close();
    }
  }

  /** Tells the plugin, if its session is open, that nobody will use the resource again. */
  void unregister(RegisteredResource resource) {
    if (!gate.enter()) {
      return;
    }
    try {
      session.now().ifPresent(open -> open.unregister(resource));
    } catch (RuntimeException e) {
      LOG.warn("unregistering {} from plugin {} failed", resource, plugin.name(), e);
    } finally {
      gate.leave();
    }
  }

  void close() {
    gate.close();
  }

  /** How many models it keeps track of; for tests of leaks. */
  int modelCount() {
    return models.size();
  }

  /** Completes when this lane is closed and no call is left in the plugin. */
  CompletableFuture<Void> ended() {
    return gate.ended();
  }

  private Use use(Optional<Model> model, Call call) {
    if (!gate.enter()) {
      throw new VaccelException(Reason.CLOSED, "the session is closed");
    }
    try {
      PluginSession open = session.get(call, () -> plugin.openSession(context));
      return new Use(model.map(needed -> loaded(needed, open, call)));
    } catch (RuntimeException | Error e) {
      gate.leave();
      throw e;
    }
  }

  private Loading loaded(Model model, PluginSession open, Call call) {
    Loading loading = models.computeIfAbsent(model, Loading::new);
    if (model.isClosed()) {
      // Closed after the caller's check: whoever closed it did not see this entry.
      unload(model);
    }
    if (!loading.gate.enter()) {
      throw new VaccelException(Reason.CLOSED, model + " is closed");
    }
    try {
      loading.loaded.get(call, () -> open.load(model, model.spec(), call));
      return loading;
    } catch (RuntimeException | Error e) {
      loading.gate.leave();
      throw e;
    }
  }

  private void closeSession() {
    models.clear();
    try {
      session.now().ifPresent(PluginSession::close);
    } catch (RuntimeException e) {
      LOG.warn("closing a session of plugin {} failed", plugin.name(), e);
    }
  }
}
