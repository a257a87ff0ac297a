package io.vaccel.agent;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.program.doctor.Check;
import io.vaccel.program.doctor.Checkup;
import io.vaccel.program.doctor.DeviceCheck;
import io.vaccel.program.doctor.Finding;
import io.vaccel.program.doctor.ListenCheck;
import io.vaccel.program.doctor.Machine;
import io.vaccel.program.doctor.PluginsCheck;
import io.vaccel.program.doctor.TransportCheck;
import io.vaccel.transport.Availability;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.EventLoops;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code vaccel-agent doctor}: why an agent cannot start or nobody reaches it, and what to type.
 */
@Command(
    name = "doctor",
    description = "Find out what is wrong before an agent starts, and what to type.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Give the options that the agent gets, --config among them. It listens for an instant and connects nowhere.",
      "The exit code is 1 when something is wrong."
    })
final class DoctorCommand implements Callable<Integer> {
  private static final String FILE = "configuration";

  @Spec private CommandSpec spec;

  @Mixin private PlaceOptions placeOptions = new PlaceOptions();

  @Option(names = "--state", paramLabel = "DIR", description = "Where uploaded content is kept.")
  private Optional<Path> state = Optional.empty();

  @Option(names = "--plugins", paramLabel = "NAME[:NAME]", description = "Plugins to use.")
  private Optional<String> plugins = Optional.empty();

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  private final Machine machine;

  DoctorCommand() {
    this(Machine.THIS);
  }

  DoctorCommand(Machine machine) {
    this.machine = machine;
  }

  @Override
  public Integer call() {
    Settings environment = Settings.ofEnvironment();
    Logging.configure(Optional.of(LogLevel.ERROR), environment);
    List<Check> checks = new ArrayList<>();
    AgentConfig config = AgentConfig.none();
    try {
      config = placeOptions.read();
      placeOptions
          .file()
          .ifPresent(file -> checks.add(() -> List.of(Finding.ok(FILE, file + " can be used"))));
    } catch (IOException e) {
      // It names the file and the line.
      String found = e.getMessage();
      checks.add(() -> List.of(Finding.problem(FILE, found, "docs/AGENT-CONFIG.md is about it")));
    }
    if (config.places().stream().anyMatch(DoctorCommand::isForGuestsOfQemu)) {
      checks.add(DeviceCheck.vhost(machine));
    }
    config.places().forEach(place -> checks.addAll(listener(place)));
    config.vms().forEach(vms -> checks.add(new VmsCheck(vms)));
    checks.add(
        new StateCheck(
            state.or(config::state).orElseGet(() -> StateDirectory.standard(environment))));
    Settings settings =
        plugins
            .or(config::pluginNames)
            .map(names -> environment.with(Settings.PLUGINS, names))
            .orElse(environment);
    Settings all = config.exec().settings(settings);
    checks.add(
        new PluginsCheck(
            () -> Vaccel.builder().settings(all).load(), Optional.empty(), Version.text()));
    Checkup checkup = Checkup.of(checks);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      checkup.printJson(out);
    } else {
      checkup.print(out);
    }
    return checkup.exitCode();
  }

  private static boolean isForGuestsOfQemu(Place place) {
    return place.endpoint() instanceof Endpoint.Vsock vsock && vsock.cid() != Endpoint.CID_LOCAL;
  }

  private List<Check> listener(Place place) {
    List<Check> checks = new ArrayList<>();
    checks.add(TransportCheck.toListen(place.endpoint(), EventLoops.shared()));
    if (machine.listens().test(place.endpoint())) {
      // Elsewhere it would say the same, with less advice.
      checks.add(new ListenCheck(place.endpoint(), place.settings()));
      if (place.endpoint() instanceof Endpoint.Vsock vsock) {
        Endpoint loopback = new Endpoint.Vsock(Endpoint.CID_LOCAL, vsock.port());
        checks.add(new WatchdogCheck(vsock, Availability.toConnect(loopback, EventLoops.shared())));
      }
    }
    return checks;
  }
}
