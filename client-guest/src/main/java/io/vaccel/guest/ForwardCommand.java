package io.vaccel.guest;

import io.vaccel.Settings;
import io.vaccel.guest.forward.Forwarder;
import io.vaccel.guest.forward.ForwarderSettings;
import io.vaccel.program.Signals;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a {@link Forwarder} until a signal comes. */
@Command(
    name = "forward",
    description = {
      "Bring programs whose gRPC cannot speak vsock to the agent, through a Unix socket or a port"
          + " of this guest.",
      "",
      "Whoever can connect is this guest to the agent, so by default only this user can."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "SIGTERM stops listening and lets open connections end; a second one ends them. SIGUSR1 logs"
          + " what was carried.",
      "Example: vaccel-guest forward --listen unix:/run/vaccel.sock --agent vsock:2:2048"
    })
final class ForwardCommand implements Callable<Integer> {
  private static final String REPORT = "SIGUSR1";

  private final Console console;
  private final Settings environment;

  @Spec private CommandSpec spec;

  @Option(
      names = "--listen",
      paramLabel = "ENDPOINT",
      required = true,
      converter = EndpointText.class,
      description = "unix:PATH or tcp:127.0.0.1:PORT; may be given several times.")
  private List<Endpoint> listen;

  @Option(
      names = "--agent",
      paramLabel = "ENDPOINT",
      converter = EndpointText.class,
      description =
          "The agent: vsock:2:2048, unix:PATH, tcp:HOST:PORT or hybrid:PATH:PORT (default:"
              + " $VACCEL_RPC_ADDRESS).")
  private Optional<Endpoint> agent;

  @Option(
      names = "--socket-mode",
      paramLabel = "MODE",
      defaultValue = "rw-------",
      description =
          "Mode of the files of Unix sockets (default: ${DEFAULT-VALUE}); rw-rw---- lets the group"
              + " in.")
  private String socketMode;

  @Option(
      names = "--allow-remote-clients",
      description = "Let --listen tcp: be an address that other machines reach.")
  private boolean remoteClients;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      defaultValue = "1024",
      description =
          "Connections on each listener (default: ${DEFAULT-VALUE}, as many as an agent takes of a"
              + " guest).")
  private int maxConnections;

  @Option(
      names = "--connect-timeout",
      paramLabel = "DURATION",
      defaultValue = "5s",
      converter = DurationText.class,
      description = "The longest wait for the agent (default: ${DEFAULT-VALUE}).")
  private Duration connectTimeout;

  @Option(
      names = "--linger",
      paramLabel = "DURATION",
      defaultValue = "5m",
      converter = DurationText.class,
      description = {
        "How long a connection of which one side has ended may move no byte (default:",
        "${DEFAULT-VALUE}); longer than a call may take whose client sends no more."
      })
  private Duration linger;

  @Option(
      names = "--drain-seconds",
      paramLabel = "N",
      defaultValue = "10",
      description = "What open connections get after a signal (default: ${DEFAULT-VALUE}).")
  private int drainSeconds;

  @Option(
      names = RuntimeOptions.VERBOSE,
      description = "Log each connection that fails, and show where an error comes from.")
  private boolean verbose;

  ForwardCommand(Console console, Settings environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    Endpoint target =
        agent
            .or(this::agentOfEnvironment)
            .orElseThrow(() -> wrong("name the agent: --agent or " + Settings.RPC_ADDRESS));
    if (drainSeconds < 0) {
      throw wrong("--drain-seconds must not be negative");
    }
    Logging.configureService(verbose);
    Signals signals = Signals.caught(List.of("TERM", "INT", "USR1"));
    try (Forwarder forwarder = Forwarder.open(listen, target, settings())) {
      Logger log = LoggerFactory.getLogger(ForwardCommand.class);
      log.info("ready pid={}", ProcessHandle.current().pid());
      awaitEnd(signals, forwarder, log);
      drain(signals, forwarder, log);
      log.info("stopped {}", forwarder.traffic());
      return CommandLine.ExitCode.OK;
    } catch (IOException | IllegalStateException e) {
      console.problem("forward: " + e.getMessage());
      return CommandLine.ExitCode.SOFTWARE;
    } catch (IllegalArgumentException e) {
      throw wrong(e.getMessage());
    }
  }

  private ForwarderSettings settings() {
    return new ForwarderSettings(socketMode, remoteClients, maxConnections, connectTimeout, linger);
  }

  private static void awaitEnd(Signals signals, Forwarder forwarder, Logger log)
      throws InterruptedException {
    String signal = signals.await();
    while (signal.equals(REPORT)) {
      log.info("carrying {}", forwarder.traffic());
      signal = signals.await();
    }
    log.info("stopping signal={}", signal);
  }

  private void drain(Signals signals, Forwarder forwarder, Logger log) throws InterruptedException {
    Thread draining = Thread.currentThread();
    Thread second =
        new Thread(
            () -> {
              try {
                awaitEnd(signals, forwarder, log);
                draining.interrupt();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "vaccel-second-signal");
    second.setDaemon(true);
    second.start();
    try {
      if (!forwarder.drain(Duration.ofSeconds(drainSeconds))) {
        log.warn("connections are still open after the drain open={}", forwarder.traffic().open());
      }
    } catch (InterruptedException e) {
      log.warn("stopping at once open={}", forwarder.traffic().open());
    }
  }

  private Optional<Endpoint> agentOfEnvironment() {
    try {
      return environment.get(Settings.RPC_ADDRESS).map(Endpoint::parse);
    } catch (IllegalArgumentException e) {
      throw wrong(Settings.RPC_ADDRESS + ": " + e.getMessage());
    }
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
