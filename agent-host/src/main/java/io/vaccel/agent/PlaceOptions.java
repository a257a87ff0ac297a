package io.vaccel.agent;

import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say where the agent listens, and the configuration file that says more. */
final class PlaceOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = "--listen",
      paramLabel = "ENDPOINT",
      description = "Listen for guests here; may be given several times.")
  private List<Endpoint> listen = new ArrayList<>();

  @Option(
      names = "--vms",
      paramLabel = "DIR",
      description =
          "Listen for each hybrid-vsock VM whose socket appears in DIR, or in"
              + " DIR/*/root/kata.hvsock; may be given several times.")
  private List<Path> vms = new ArrayList<>();

  @Option(
      names = "--vms-port",
      paramLabel = "PORT",
      defaultValue = "2048",
      description = "The vsock port that those VMs call (default: ${DEFAULT-VALUE}).")
  private String vmsPort;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description =
          "Read listeners, directories of VMs, names of guests and limits from FILE (YAML), and"
              + " again at SIGHUP. Options here go before what it says.")
  private Optional<Path> configFile = Optional.empty();

  @Option(
      names = "--admin",
      paramLabel = "ENDPOINT",
      description = "Listen for the operator here, with reflection and channelz; this host only.")
  private Optional<Endpoint> admin = Optional.empty();

  @Mixin private ListenerOptions listenerOptions = new ListenerOptions();

  /** The configuration file. */
  Optional<Path> file() {
    return configFile;
  }

  /**
   * What the file and the command line say now.
   *
   * @throws IOException one line that says what is wrong with the file
   * @throws ParameterException when the options contradict each other
   */
  AgentConfig read() throws IOException {
    AgentConfig inFile =
        configFile.isPresent() ? ConfigFile.read(configFile.get()) : AgentConfig.none();
    List<Place> places = new ArrayList<>();
    List<VmDirectory> directories = new ArrayList<>();
    try {
      for (Endpoint endpoint : listen) {
        places.add(Place.guests(endpoint, listenerOptions.settings(endpoint, inFile.guests())));
      }
      if (admin.isPresent()) {
        places.add(Place.operator(admin.get()));
      }
      for (Path directory : vms) {
        directories.add(listenerOptions.vms(directory, VmDirectory.port(vmsPort)));
      }
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
    return inFile.listening(places, directories);
  }
}
