package io.vaccel.guest;

import io.vaccel.PluginStatus;
import io.vaccel.Session;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows what can be done, where, and how far away that is. */
@Command(
    name = "info",
    description = "Show what the agent and the plugins here can do, and the round-trip time.",
    mixinStandardHelpOptions = true,
    footer = {"", "The exit code is 1 when an agent is named and cannot be used."})
final class InfoCommand implements Callable<Integer> {
  private static final int MAX_COUNT = 1_000_000;

  private final Console console;

  @Spec private CommandSpec spec;

  @Mixin private final RuntimeOptions runtime;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many round trips to measure; 0 for none (default: 100).")
  private int count;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  InfoCommand(Console console, RuntimeOptions runtime) {
    this.console = console;
    this.runtime = runtime;
  }

  @Override
  public Integer call() {
    if (count < 0 || count > MAX_COUNT) {
      throw new ParameterException(
          spec.commandLine(), "--count must be 0 to " + MAX_COUNT + ", not " + count);
    }
    try (Vaccel vaccel = runtime.load();
        Session session = vaccel.openSession()) {
      List<PluginStatus> plugins = vaccel.plugins();
      Optional<String> problem = runtime.agentProblem(plugins);
      // Without the agent that is named, a plugin here would answer: that is no round trip.
      Info info =
          problem.isPresent() || count == 0
              ? Info.unmeasured(runtime.agent(), plugins, problem.orElse("none was asked for"))
              : measure(session, plugins);
      if (json) {
        InfoJson.print(info, console.out());
      } else {
        InfoText.print(info, console.out(), console.screen());
      }
      problem.ifPresent(cause -> console.problem("info: " + cause));
      return problem.isEmpty() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }
  }

  private Info measure(Session session, List<PluginStatus> plugins) {
    try {
      return Info.measured(runtime.agent(), plugins, RoundTrip.measure(session, count));
    } catch (VaccelException e) {
      return Info.unmeasured(runtime.agent(), plugins, e.getMessage());
    }
  }
}
