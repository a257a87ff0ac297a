package io.vaccel.agent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code vaccel-agent check-config FILE}: whether a configuration file can be used. */
@Command(
    name = "check-config",
    description = "Reads a configuration file and says what is wrong with it, if anything is.",
    mixinStandardHelpOptions = true,
    footer = {"", "The exit code is 1 when the file cannot be used."})
final class CheckConfigCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "The file.")
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    AgentConfig config = ConfigFile.read(file);
    config.requireTls();
    spec.commandLine()
        .getOut()
        .printf(
            "%s: %d listeners, %d directories of VMs, %d named guests, %d limits, %d libraries of"
                + " exec, %d places to fetch from%n",
            file,
            config.places().size(),
            config.vms().size(),
            config.guests().byOwner().size(),
            config.limits().size(),
            config.exec().libraries().size(),
            config.fetch().prefixes().size());
    return 0;
  }
}
