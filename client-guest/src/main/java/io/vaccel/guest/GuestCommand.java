package io.vaccel.guest;

import io.vaccel.Settings;
import io.vaccel.program.CompletionCommand;
import io.vaccel.program.doctor.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line as a whole: its commands, and how errors become lines and exit codes. */
@Command(
    name = GuestCommand.NAME,
    description = "Accelerated operations for programs in a VM, done at the host's agent or here.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Environment:",
      "  VACCEL_RPC_ADDRESS  the agent, when --agent does not name it",
      "  VACCEL_PLUGINS      names of the plugins to use, in order, separated by ':'",
      "  VACCEL_RPC_TLS_CA, _CERT, _KEY  PEM files for an agent over TCP with TLS (docs/TLS.md)",
      "  VACCEL_PROFILING_ENABLED  1: measure, and show where the time went",
      "  NO_COLOR            when set, no colours",
      "",
      "Exit codes: 0 success, 1 failure, 2 wrong usage."
    })
final class GuestCommand implements Runnable {
  static final String NAME = "vaccel-guest";

  @Spec private CommandSpec spec;

  /** Runs one command and returns its exit code. */
  static int run(Console console, Settings environment, RuntimeSource source, String... arguments) {
    CommandLine line =
        new CommandLine(new GuestCommand())
            .addSubcommand(new ClassifyCommand(console, new RuntimeOptions(environment, source)))
            .addSubcommand(new DetectCommand(console, new RuntimeOptions(environment, source)))
            .addSubcommand(new SegmentCommand(console, new RuntimeOptions(environment, source)))
            .addSubcommand(new PoseCommand(console, new RuntimeOptions(environment, source)))
            .addSubcommand(new DepthCommand(console, new RuntimeOptions(environment, source)))
            .addSubcommand(new SgemmCommand(console, new RuntimeOptions(environment, source)))
            .addSubcommand(new GenopCommand(console, new RuntimeOptions(environment, source)))
            .addSubcommand(new RunCommand(console, new RuntimeOptions(environment, source)))
            .addSubcommand(new ExecCommand(console, new RuntimeOptions(environment, source)))
            .addSubcommand(new InfoCommand(console, new RuntimeOptions(environment, source)))
            .addSubcommand(
                new DoctorCommand(console, new RuntimeOptions(environment, source), Machine.THIS))
            .addSubcommand(new ForwardCommand(console, environment))
            .addSubcommand(new CompletionCommand());
    line.getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(new Version()));
    line.setOut(console.out());
    line.setErr(console.err());
    line.setUsageHelpWidth(Math.min(100, Math.max(60, console.screen().columns())));
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(
            console.screen().colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
    line.setParameterExceptionHandler((error, given) -> usageError(console, error));
    line.setExecutionExceptionHandler((error, failed, parsed) -> failure(console, error, failed));
    return line.execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  private static int usageError(Console console, ParameterException error) {
    console.problem(error.getMessage());
    console
        .err()
        .println("Try '" + error.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }

  private static int failure(Console console, Exception error, CommandLine failed) {
    console.problem(error);
    if (failed.getParseResult().hasMatchedOption(RuntimeOptions.VERBOSE)) {
      error.printStackTrace(console.err());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }
}
