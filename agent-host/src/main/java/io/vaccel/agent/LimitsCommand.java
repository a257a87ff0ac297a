package io.vaccel.agent;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code vaccel-agent limits}: everything that can be bounded, with its default. */
@Command(
    name = "limits",
    description = "Lists what can be bounded with --limit.",
    mixinStandardHelpOptions = true)
final class LimitsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    for (Limit limit : Limit.values()) {
      out.printf(
          "%-25s %8s  %s%n",
          limit.label(), LimitValue.format(limit, limit.standard()), limit.meaning());
    }
    return 0;
  }
}
