package io.vaccel.guest;

import io.vaccel.program.doctor.Check;
import io.vaccel.program.doctor.Checkup;
import io.vaccel.program.doctor.DeviceCheck;
import io.vaccel.program.doctor.Finding;
import io.vaccel.program.doctor.Machine;
import io.vaccel.program.doctor.PluginsCheck;
import io.vaccel.program.doctor.ReachCheck;
import io.vaccel.program.doctor.TransportCheck;
import io.vaccel.transport.Endpoint;
import io.vaccel.transport.EventLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Finds out why the agent cannot be used, and says what to type. */
@Command(
    name = "doctor",
    description = "Find out what is wrong with the way to the agent, and what to type.",
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Connects to the agent that is named and to nothing else. The exit code is 1 when something"
          + " is wrong."
    })
final class DoctorCommand implements Callable<Integer> {
  private final Console console;
  private final Machine machine;

  @Mixin private final RuntimeOptions runtime;

  @Option(names = "--json", description = "Print one JSON document instead of text.")
  private boolean json;

  DoctorCommand(Console console, RuntimeOptions runtime, Machine machine) {
    this.console = console;
    this.runtime = runtime;
    this.machine = machine;
  }

  @Override
  public Integer call() {
    Optional<String> agent = runtime.agent();
    List<Finding> findings = new ArrayList<>();
    if (agent.isEmpty()) {
      findings.add(
          Finding.note(
              "agent",
              "none is named, so the work is done here",
              "export VACCEL_RPC_ADDRESS=vsock:2:2048, or --agent"));
    } else {
      findings.addAll(way(agent.get()));
    }
    if (findings.stream().noneMatch(found -> found.state() == Finding.State.PROBLEM)) {
      findings.addAll(new PluginsCheck(runtime::load, agent, Version.number()).findings());
    }
    Checkup checkup = new Checkup(findings);
    if (json) {
      checkup.printJson(console.out());
    } else {
      checkup.print(console.out());
    }
    return checkup.exitCode();
  }

  private List<Finding> way(String agent) {
    Endpoint endpoint;
    try {
      endpoint = Endpoint.parse(agent);
    } catch (IllegalArgumentException e) {
      return List.of(Finding.problem("agent", e.getMessage(), "as in: --agent vsock:2:2048"));
    }
    List<Check> checks = new ArrayList<>();
    if (endpoint instanceof Endpoint.Vsock vsock) {
      checks.add(DeviceCheck.vsock(machine, vsock));
    }
    checks.add(TransportCheck.toConnect(endpoint, EventLoops.shared()));
    Checkup before = Checkup.of(checks);
    if (before.exitCode() != 0) {
      // Without a transport a connect may hang, and its failure would say less.
      return before.findings();
    }
    List<Finding> findings = new ArrayList<>(before.findings());
    findings.addAll(new ReachCheck(endpoint, runtime.timeout()).findings());
    if (endpoint instanceof Endpoint.Vsock) {
      findings.add(
          Finding.note(
              "forwarder",
              "programs whose gRPC cannot speak vsock (Python, Node) need the forwarder",
              "vaccel-guest forward --listen unix:/run/vaccel.sock --agent " + endpoint));
    }
    return findings;
  }
}
