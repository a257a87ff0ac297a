package io.vaccel.agent;

import io.vaccel.PluginStatus;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.program.CompletionCommand;
import io.vaccel.program.FileFailure;
import io.vaccel.program.Signals;
import io.vaccel.spi.Availability;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.TlsSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code vaccel-agent}: runs an {@link Agent} until a signal comes. Exit codes: 0 after a signal, 1
 * when it cannot start, 2 for wrong usage.
 */
@Command(
    name = "vaccel-agent",
    description = "Performs accelerated operations for guests that ask over vsock.",
    mixinStandardHelpOptions = true,
    versionProvider = AgentMain.VersionText.class,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:stopped by SIGTERM or SIGINT",
      "1:could not start; one line says why",
      "2:wrong usage"
    },
    footer = {
      "",
      "Endpoints: vsock:any:PORT, hybrid:PATH:PORT, unix:PATH, tcp:HOST:PORT",
      "Examples: vaccel-agent --listen vsock:any:2048 --listen unix:/run/vaccel.sock",
      "          vaccel-agent --config /etc/vaccel/agent.yaml"
    },
    subcommands = {
      DoctorCommand.class,
      HealthCommand.class,
      LimitsCommand.class,
      CheckConfigCommand.class,
      CompletionCommand.class
    })
public final class AgentMain implements Callable<Integer> {
  private static final int FAILED = 1;

  @Mixin private PlaceOptions placeOptions = new PlaceOptions();

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where uploaded content is kept. Default: $STATE_DIRECTORY, else vaccel-agent in the"
              + " user's cache directory.")
  private Optional<Path> state = Optional.empty();

  @Option(
      names = "--plugins",
      paramLabel = "NAME[:NAME]",
      description = "Plugins to use, in this order. Default: $VACCEL_PLUGINS, else all.")
  private Optional<String> plugins = Optional.empty();

  @Option(
      names = "--limit",
      paramLabel = "NAME=VALUE",
      description = "Set a limit, for instance lease=90s; 'vaccel-agent limits' lists them.")
  private Map<String, String> limits = new LinkedHashMap<>();

  @Option(
      names = "--fetch-from",
      paramLabel = "URL",
      description = {
        "Fetch content from below this http or https URL, which ends with a slash, when a guest",
        "names a URL there and a SHA-256; may be given several times. By default from nowhere."
      })
  private List<URI> fetchFrom = new ArrayList<>();

  @Mixin private ExecOptions execOptions = new ExecOptions();

  @Option(
      names = "--drain-seconds",
      paramLabel = "N",
      defaultValue = "30",
      description = "What running calls get after a signal (default: ${DEFAULT-VALUE}).")
  private int drainSeconds;

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info, debug or trace. Default: $VACCEL_LOG_LEVEL, else info.")
  private Optional<LogLevel> logLevel = Optional.empty();

  @Spec private CommandSpec spec;

  /** Runs the command line and exits. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line =
        new CommandLine(new AgentMain())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setParameterExceptionHandler(AgentMain::misused)
            .setExecutionExceptionHandler(AgentMain::failed);
    line.getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(new VersionText()));
    line.registerConverter(Endpoint.class, AgentMain::endpoint);
    return line;
  }

  @Override
  public Integer call() throws IOException {
    Settings environment = Settings.ofEnvironment();
    Logging.configure(logLevel, environment);
    if (drainSeconds < 0) {
      throw new ParameterException(spec.commandLine(), "--drain-seconds must not be negative");
    }
    AgentConfig config = configuration();
    if (config.places().isEmpty() && config.vms().isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "give at least one --listen ENDPOINT, --vms DIR or --config FILE");
    }
    Quota quota = quota(config);
    // Without a file there is nothing to reload: then SIGHUP ends the JVM, as when a terminal
    // closes.
    Signals signals =
        Signals.caught(placeOptions.file().isPresent() ? Signals.TO_END_OR_RELOAD : Signals.TO_END);
    Settings settings =
        plugins
            .or(config::pluginNames)
            .map(names -> environment.with(Settings.PLUGINS, names))
            .orElse(environment);
    Vaccel runtime = Vaccel.builder().settings(config.exec().settings(settings)).load();
    Agent agent =
        Agent.builder(
                runtime,
                state.or(config::state).orElseGet(() -> StateDirectory.standard(environment)))
            .quota(quota)
            .config(config)
            .grace(Duration.ofSeconds(drainSeconds))
            .start();
    try {
      Logger log = LoggerFactory.getLogger(AgentMain.class);
      log.info(
          "ready version={} pid={} after={}ms",
          Version.text(),
          ProcessHandle.current().pid(),
          sinceStart().toMillis());
      AtomicBoolean stopping = new AtomicBoolean();
      startDaemon("vaccel-plugins", () -> logPlugins(runtime, stopping, log));
      String end = serve(agent, config, signals, log);
      stopping.set(true);
      log.info("stopping signal={} drain={}s", end, drainSeconds);
      Thread draining = Thread.currentThread();
      startDaemon(
          "vaccel-second-signal",
          () -> {
            log.warn("stopping at once signal={}", awaitStop(signals));
            draining.interrupt();
          });
      if (!agent.drain(Duration.ofSeconds(drainSeconds))) {
        AgentLoad left = agent.load();
        log.warn(
            "the drain is over before all is done running={} buffers={} bytes",
            left.calls(),
            left.bufferBytes());
      }
    } catch (InterruptedException e) {
      // Goes on to hold, so that closing does not wait for the calls either.
      Thread.currentThread().interrupt();
    } finally {
      agent.close();
    }
    if (agent.load().calls() == 0) {
      // An engine must not be closed under a call that did not come back.
      runtime.close();
    }
    LoggerFactory.getLogger(AgentMain.class).info("stopped");
    return 0;
  }

  /** Reloads at each SIGHUP; the signal that ends it. */
  private String serve(Agent agent, AgentConfig started, Signals signals, Logger log)
      throws InterruptedException {
    String signal = signals.await();
    while (signal.equals(Signals.HANGUP)) {
      try {
        AgentConfig config = configuration();
        agent.reconfigure(config);
        log.info("configuration reloaded file={}", placeOptions.file().orElseThrow());
        for (String key : started.needsRestart(config)) {
          log.warn("'{}' differs and takes effect when the agent starts again", key);
        }
      } catch (IOException | ParameterException e) {
        log.error("reload failed, the configuration stays as it was: {}", e.getMessage());
      }
      signal = signals.await();
    }
    return signal;
  }

  /** What the file and the command line say now. */
  private AgentConfig configuration() throws IOException {
    AgentConfig config;
    try {
      config = placeOptions.read().allowing(execOptions.rules(), fetchFrom);
      requireKnownGuests(config);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    config.requireTls();
    config.places().forEach(AgentMain::warnIfOpenToAll);
    return config;
  }

  private static void requireKnownGuests(AgentConfig config) {
    try {
      var unused = config.exec().policy(config.guests());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("--exec-allow: " + e.getMessage(), e);
    }
  }

  /** Without client certificates an address is all that tells TCP peers apart. */
  private static void warnIfOpenToAll(Place place) {
    boolean certain = place.settings().tls().flatMap(TlsSettings::trustedAuthorities).isPresent();
    boolean guests = place.audience() == Place.Audience.GUESTS;
    if (guests && place.endpoint() instanceof Endpoint.Tcp && !certain) {
      LoggerFactory.getLogger(AgentMain.class)
          .warn(
              "clients are known by their address only, see --tls-ca endpoint={}",
              place.endpoint());
    }
  }

  private Quota quota(AgentConfig config) {
    Quota quota = new Quota(config.limits());
    try {
      for (Map.Entry<String, String> entry : limits.entrySet()) {
        Limit limit = LimitValue.limit(entry.getKey());
        quota = quota.with(limit, LimitValue.parse(limit, entry.getValue()));
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--limit: " + e.getMessage(), e);
    }
    return quota;
  }

  /**
   * Engines load here rather than before "ready", and yet before a guest asks what works. Of an
   * agent that is stopping, nothing is said: its plugins may be closed already.
   */
  private static void logPlugins(Vaccel runtime, AtomicBoolean stopping, Logger log) {
    List<PluginStatus> plugins = runtime.plugins();
    if (stopping.get()) {
      return;
    }
    for (PluginStatus plugin : plugins) {
      if (plugin.capabilities().availability() instanceof Availability.Unusable unusable) {
        // What the operator did not ask for is no reason to worry.
        Level level = unusable.isOff() ? Level.INFO : Level.WARN;
        log.atLevel(level)
            .log("plugin {} usable=false reason=\"{}\"", plugin.name(), unusable.reason());
      } else {
        log.info(
            "plugin {} usable=true device={} details={}",
            plugin.name(),
            plugin.capabilities().device(),
            plugin.capabilities().details());
      }
    }
  }

  private static String awaitStop(Signals signals) {
    try {
      String signal = signals.await();
      while (signal.equals(Signals.HANGUP)) {
        signal = signals.await();
      }
      return signal;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "none";
    }
  }

  private static void startDaemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static Duration sinceStart() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(start -> Duration.between(start, Instant.now()))
        .orElse(Duration.ZERO);
  }

  private static Endpoint endpoint(String text) {
    try {
      return Endpoint.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }

  private static int misused(ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    line.getErr().println("vaccel-agent: " + failure.getMessage());
    line.getErr().println("Try 'vaccel-agent --help'.");
    return line.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static int failed(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (failure instanceof IOException io) {
      err.println("vaccel-agent: " + FileFailure.text(io));
    } else if (failure instanceof VaccelException) {
      err.println("vaccel-agent: " + failure.getMessage());
    } else {
      LoggerFactory.getLogger(AgentMain.class).error("failed unexpectedly", failure);
    }
    return FAILED;
  }

  /** What {@code --version} prints. */
  static final class VersionText implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"vaccel-agent " + Version.text()};
    }
  }
}
