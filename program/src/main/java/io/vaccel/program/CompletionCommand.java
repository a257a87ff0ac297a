package io.vaccel.program;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints a completion script, for bash and zsh, for the program whose subcommand it is. */
@Command(
    name = "completion",
    description =
        "Print a completion script for bash and zsh: source <(${ROOT-COMMAND-NAME} completion).",
    mixinStandardHelpOptions = true)
public final class CompletionCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    CommandLine program = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash(program.getCommandName(), program));
    out.flush();
  }
}
