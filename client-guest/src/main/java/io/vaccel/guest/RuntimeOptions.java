package io.vaccel.guest;

import io.vaccel.PluginStatus;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.spi.Availability;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say where the work is done, and the runtime that follows from them. */
final class RuntimeOptions {
  /** The plugin that forwards to an agent. */
  static final String AGENT_PLUGIN = "vsock";

  static final String VERBOSE = "--verbose";

  private final Settings environment;
  private final RuntimeSource source;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--agent",
      paramLabel = "ENDPOINT",
      description = {
        "The agent: vsock:2:2048, unix:PATH, tcp:HOST:PORT or hybrid:PATH:PORT.",
        "Without it, and without VACCEL_RPC_ADDRESS, the work is done here."
      })
  private Optional<String> agent;

  @Option(
      names = "--plugins",
      paramLabel = "NAME[:NAME...]",
      description = "The plugins to use, in order; all by default, those that forward first.")
  private Optional<String> plugins;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "60s",
      converter = DurationText.class,
      description = "The longest wait for each step, such as 500ms, 30s, 2m (default: 60s).")
  private Duration timeout;

  @Option(names = VERBOSE, description = "Log what happens, and show where an error comes from.")
  private boolean verbose;

  /** Options on top of this environment, for runtimes from this source. */
  RuntimeOptions(Settings environment, RuntimeSource source) {
    this.environment = environment;
    this.source = source;
  }

  /** What the environment and these options set. */
  Settings settings() {
    Settings settings = environment;
    if (agent.isPresent()) {
      settings = settings.with(Settings.RPC_ADDRESS, agent.get());
    }
    if (plugins.isPresent()) {
      settings = settings.with(Settings.PLUGINS, plugins.get().replace(',', ':'));
    }
    return settings;
  }

  Duration timeout() {
    return timeout;
  }

  /** The runtime; the caller closes it. */
  Vaccel load() {
    Logging.configure(verbose);
    return source.open(settings(), timeout);
  }

  /** The endpoint of the agent that is named. */
  Optional<String> agent() {
    return settings().get(Settings.RPC_ADDRESS);
  }

  /**
   * Why the agent that is named cannot be used now; empty when it can, or when none is named.
   *
   * @throws ParameterException when it can never be used: better than to do the work elsewhere
   */
  Optional<String> agentProblem(List<PluginStatus> plugins) {
    Optional<String> named = agent();
    if (named.isEmpty()) {
      return Optional.empty();
    }
    PluginStatus forwarding =
        plugins.stream()
            .filter(status -> status.name().equals(AGENT_PLUGIN))
            .findFirst()
            .orElseThrow(
                () ->
                    wrong(
                        "the agent "
                            + named.get()
                            + " cannot be asked: plugin "
                            + AGENT_PLUGIN
                            + " is not among the plugins in use"));
    if (!(forwarding.capabilities().availability() instanceof Availability.Unusable unusable)) {
      return Optional.empty();
    }
    if (unusable.error() == Reason.ARGUMENT_INVALID) {
      throw wrong(
          agent.isPresent()
              ? unusable.reason().replaceFirst("^" + Settings.RPC_ADDRESS, "--agent")
              : unusable.reason());
    }
    return Optional.of(unusable.reason());
  }

  /**
   * What to tell about work that was done here although an agent could be expected; empty when
   * there is nothing to tell.
   *
   * @throws ParameterException when the agent that is named can never be used
   */
  Optional<String> doneHere(List<PluginStatus> plugins) {
    if (agent().isPresent()) {
      return Optional.of(
          agentProblem(plugins).orElse("the agent does not offer this")
              + "; the work is done here");
    }
    return settings().get(Settings.PLUGINS).isPresent()
        ? Optional.empty()
        : Optional.of(
            "no agent is named (--agent, " + Settings.RPC_ADDRESS + "); the work is done here");
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
