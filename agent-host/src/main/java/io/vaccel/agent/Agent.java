package io.vaccel.agent;

import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.ChannelzService;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.vaccel.Policy;
import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.Peer;
import io.vaccel.transport.ServerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running agent: listens, and performs with a runtime's plugins what guests ask for. Safe for use
 * by several threads.
 *
 * <pre>{@code
 * try (Vaccel runtime = Vaccel.load();
 *      Agent agent = Agent.builder(runtime, stateDirectory).listen(Endpoint.parse("vsock:any:2048")).start()) {
 *   ...
 * }
 * }</pre>
 */
public final class Agent implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final Duration REAP_PERIOD = Duration.ofSeconds(1);
  private static final Duration STORE_REAP_PERIOD = Duration.ofMinutes(1);

  /** What calls get to come back once they were told to stop. */
  private static final Duration ABORT_TIME = Duration.ofSeconds(3);

  private static final Duration VMS_PERIOD = Duration.ofSeconds(5);
  private static final Duration STANDARD_GRACE = Duration.ofSeconds(30);
  private static final int CHANNELZ_PAGE = 100;
  private static final String CONFIGURED = "configuration";

  private final ContentStore store;
  private final Sessions sessions;
  private final Calls calls;
  private final HealthStatusManager health = new HealthStatusManager();
  private final Listeners listeners;
  private final VmWatch vms;
  private final Thread tending;
  private Optional<Listener> inProcess = Optional.empty();
  private volatile GuestNames names;
  private volatile ExecPolicy exec;
  private volatile FetchList fetch;
  private volatile Duration watchdog;
  private boolean closed;

  private Agent(Builder built) throws IOException {
    store = ContentStore.open(built.state, built.quota, built.nanoClock);
    calls = new Calls(built.quota, new Failures(List.of(built.state)));
    names = built.guests;
    exec = built.exec;
    fetch = built.fetch;
    watchdog = built.watchdog;
    sessions =
        new Sessions(built.runtime, store, built.quota, this::policy, built.nanoClock, () -> names);
    Services services = new Services(calls);
    new SessionMethods(sessions).bind(services, calls);
    new ResourceMethods(sessions, store, built.quota, new ContentFetch(() -> fetch, store))
        .bind(services, calls);
    new BufferMethods(sessions, built.quota).bind(services, calls);
    new ModelMethods(sessions).bind(services, calls);
    new OperationMethods(sessions, built.quota).bind(services, calls);
    new AgentMethods(built.runtime, built.quota, () -> names).bind(services, calls);
    List<ServerServiceDefinition> contract = services.definitions();
    listeners = new Listeners(place -> open(place, built.quota, contract), built.grace);
    vms = new VmWatch(listeners, VMS_PERIOD);
    tending = new Thread(this::tendRegularly, "vaccel-listeners");
    tending.setDaemon(true);
    try {
      listen(built, contract);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
    tending.start();
    calls.every(REAP_PERIOD, sessions::reap);
    calls.every(STORE_REAP_PERIOD, store::reap);
  }

  /**
   * An agent to be configured.
   *
   * @param runtime performs the operations; stays the caller's, who closes it after the agent
   * @param state the directory of the content store; made if missing, used by one agent at a time
   */
  public static Builder builder(Vaccel runtime, Path state) {
    return new Builder(runtime, state);
  }

  /**
   * Where it listens, with the ports that the kernel chose, in the order of adding; the admin
   * endpoint and the VMs in directories come last.
   */
  public List<Endpoint> endpoints() {
    return listeners.endpoints();
  }

  /**
   * Takes over places, directories of VMs, names of guests and what they may do from another
   * configuration. Listeners that are the same in it are not touched; calls on one that is gone may
   * still finish. What a guest may not do any more is refused in its open sessions too.
   */
  void reconfigure(AgentConfig config) {
    names = config.guests();
    exec = config.exec().policy(names);
    fetch = config.fetch();
    watchdog = config.watchdog();
    listeners.want(CONFIGURED, config.places());
    vms.watch(config.vms());
  }

  /** What guests take of it now. */
  public AgentLoad load() {
    return new AgentLoad(
        sessions.count(),
        Math.max(sessions.peers(), calls.peers()),
        calls.running(),
        sessions.bufferBytes(),
        store.usedBytes());
  }

  /** Frees what has expired by the agent's clock; happens by itself every second. */
  void reap() {
    sessions.reap();
    store.reap();
  }

  /** Checks all listeners and opens those again that do not work; happens by itself. */
  void tend() throws InterruptedException {
    listeners.tend();
  }

  /**
   * Reports that it does not serve any more, refuses new calls and waits for those under way, and
   * until the guests have fetched those results that they must fetch.
   *
   * @return whether all of that ended in time
   */
  public boolean drain(Duration longest) throws InterruptedException {
    stopServing();
    return calls.awaitIdle(longest, () -> sessions.bufferBytes() == 0);
  }

  /**
   * Stops listening, cancels calls that are under way, and ends all sessions; waits a few seconds
   * for the calls, and not at all when the thread is interrupted. Closing twice does nothing.
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    stopServing();
    calls.abort();
    boolean interrupted = Thread.interrupted();
    try {
      if (!interrupted && !calls.awaitIdle(ABORT_TIME, () -> true)) {
        LOG.warn("calls did not stop running={}", calls.running());
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    tending.interrupt();
    vms.close();
    listeners.close();
    inProcess.ifPresent(Listener::close);
    sessions.closeAll();
    store.close();
    calls.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What a peer may do at the moment when it is asked. */
  private Policy policy(Peer peer) {
    return (operation, input) -> exec.of(peer).check(operation, input);
  }

  private void stopServing() {
    // The health service complains when it is told twice.
    if (calls.stop()) {
      health.enterTerminalState();
    }
  }

  private void listen(Builder built, List<ServerServiceDefinition> contract) throws IOException {
    Services.names().forEach(name -> health.setStatus(name, ServingStatus.SERVING));
    listeners.start(CONFIGURED, built.places());
    if (built.inProcess.isPresent()) {
      inProcess =
          Optional.of(
              Listener.inProcess(
                  built.inProcess.get(),
                  built.quota,
                  contract,
                  List.of(health.getHealthService())));
    }
    vms.watch(built.vms);
  }

  private Listener open(Place place, Quota quota, List<ServerServiceDefinition> contract)
      throws IOException {
    List<BindableService> others =
        switch (place.audience()) {
          case GUESTS -> List.of(health.getHealthService());
          case OPERATOR ->
              List.of(
                  health.getHealthService(),
                  ProtoReflectionServiceV1.newInstance(),
                  ChannelzService.newInstance(CHANNELZ_PAGE));
        };
    return Listener.open(place, quota, contract, others);
  }

  private void tendRegularly() {
    try {
      while (true) {
        TimeUnit.MILLISECONDS.sleep(watchdog.toMillis());
        tendOn();
      }
    } catch (InterruptedException e) {
      // The agent closes.
    }
  }

  /** A failure of one round, of whatever kind, must not end the next ones. */
  private void tendOn() throws InterruptedException {
    try {
      tend();
    } catch (RuntimeException e) {
      LOG.error("the listeners could not be checked; they will be again", e);
    }
  }

  /** Collects what an agent is made of; not safe for use by several threads. */
  public static final class Builder {
    private final Vaccel runtime;
    private final Path state;
    private final List<Place> guestPlaces = new ArrayList<>();
    private List<VmDirectory> vms = List.of();
    private GuestNames guests = GuestNames.none();
    private Duration grace = STANDARD_GRACE;
    private Optional<Place> admin = Optional.empty();
    private Optional<String> inProcess = Optional.empty();
    private Quota quota = Quota.defaults();
    private ExecPolicy exec = ExecPolicy.OFF;
    private FetchList fetch = FetchList.NOWHERE;
    private Duration watchdog = AgentConfig.STANDARD_WATCHDOG;
    private LongSupplier nanoClock = System::nanoTime;

    private Builder(Vaccel runtime, Path state) {
      this.runtime = Objects.requireNonNull(runtime, "runtime");
      this.state = state.toAbsolutePath().normalize();
    }

    /** Listens for guests here, with the default settings of a listener. */
    public Builder listen(Endpoint endpoint) {
      return listen(endpoint, ServerSettings.defaults());
    }

    /** Listens for guests here. */
    public Builder listen(Endpoint endpoint, ServerSettings settings) {
      guestPlaces.add(Place.guests(endpoint, settings));
      return this;
    }

    /** Answers clients in this process under this name of gRPC's in-process transport. */
    public Builder inProcess(String name) {
      inProcess = Optional.of(name);
      return this;
    }

    /**
     * Answers the operator here, with reflection and channelz beside everything else; never a place
     * that guests can reach.
     *
     * @throws IllegalArgumentException for an endpoint that others can reach
     */
    public Builder admin(Endpoint endpoint) {
      admin = Optional.of(Place.operator(endpoint));
      return this;
    }

    /** Everything about listeners, guests and what they may do that is configured. */
    Builder config(AgentConfig config) {
      guestPlaces.addAll(config.places());
      vms = config.vms();
      guests = config.guests();
      exec = config.exec().policy(guests);
      fetch = config.fetch();
      watchdog = config.watchdog();
      return this;
    }

    private List<Place> places() {
      List<Place> all = new ArrayList<>(guestPlaces);
      admin.ifPresent(all::add);
      return all;
    }

    /** What calls get on a listener that is not wanted any more. */
    Builder grace(Duration newGrace) {
      grace = newGrace;
      return this;
    }

    /** How much guests may take. */
    public Builder quota(Quota newQuota) {
      quota = newQuota;
      return this;
    }

    /** Which guests may have functions of which libraries called; nobody by default. */
    public Builder exec(ExecPolicy policy) {
      exec = policy;
      return this;
    }

    /** Where content is fetched from when a guest names a URL; nowhere by default. */
    public Builder fetch(FetchList list) {
      fetch = list;
      return this;
    }

    /** Another clock for leases, in nanoseconds as {@link System#nanoTime}. */
    Builder nanoClock(LongSupplier newClock) {
      nanoClock = newClock;
      return this;
    }

    /**
     * Starts listening.
     *
     * @throws IOException one line that says which listener, or the state directory, and why not
     */
    public Agent start() throws IOException {
      return new Agent(this);
    }
  }
}
