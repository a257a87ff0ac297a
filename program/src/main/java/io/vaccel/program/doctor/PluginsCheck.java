package io.vaccel.program.doctor;

import io.vaccel.PluginStatus;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability.Unusable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which plugins are usable and why others are not; of the one that forwards to an agent, also
 * whether that agent is of this version and speaks this version of the protocol.
 */
public final class PluginsCheck implements Check {
  private static final String REMOTE = "vsock";

  private final Supplier<Vaccel> runtime;
  private final Optional<String> agent;
  private final String version;

  /**
   * A check of a runtime that is opened and closed for it.
   *
   * @param agent the endpoint that is named, if one is: then it must be usable
   * @param version of this program
   */
  public PluginsCheck(Supplier<Vaccel> runtime, Optional<String> agent, String version) {
    this.runtime = runtime;
    this.agent = agent;
    this.version = version;
  }

  @Override
  public List<Finding> findings() {
    try (Vaccel vaccel = runtime.get()) {
      List<PluginStatus> plugins = vaccel.plugins();
      List<Finding> findings = new ArrayList<>();
      plugins.forEach(plugin -> findings.add(of(plugin)));
      plugins.forEach(plugin -> versions(plugin).ifPresent(findings::add));
      plugins.forEach(plugin -> protocols(plugin).ifPresent(findings::add));
      if (plugins.stream().noneMatch(plugin -> plugin.capabilities().availability().isUsable())) {
        findings.add(
            Finding.problem(
                "plugins",
                plugins.isEmpty() ? "there is no plugin" : "no plugin is usable",
                "name an agent: export VACCEL_RPC_ADDRESS=vsock:2:2048",
                "or put a backend on the class path"));
      }
      return findings;
    } catch (VaccelException e) {
      return List.of(
          Finding.problem(
              "plugins", e.getMessage(), "correct VACCEL_PLUGINS, or unset it for all"));
    }
  }

  private Finding of(PluginStatus plugin) {
    String what = "plugin " + plugin.name();
    if (!(plugin.capabilities().availability() instanceof Unusable no)) {
      return Finding.ok(what, "usable, on " + plugin.capabilities().device());
    }
    if (plugin.name().equals(REMOTE) && agent.isPresent()) {
      return Finding.problem(
          what,
          no.reason(),
          "if something answers there, it is no agent that speaks vaccel.v1: install the same"
              + " version on both sides");
    }
    return Finding.note(what, no.reason());
  }

  private Optional<Finding> versions(PluginStatus plugin) {
    return Optional.ofNullable(plugin.capabilities().details().get("agent version"))
        .filter(theirs -> !theirs.equals(version))
        .map(
            theirs ->
                Finding.note(
                    "version",
                    "the agent is of version " + theirs + ", this program of " + version,
                    "install the same version on both sides if something does not work"));
  }

  private static Optional<Finding> protocols(PluginStatus plugin) {
    Map<String, String> details = plugin.capabilities().details();
    String ours = details.get("protocol version here");
    return Optional.ofNullable(details.get("protocol version"))
        .filter(theirs -> ours != null && !theirs.equals(ours))
        .map(
            theirs ->
                Finding.note(
                    "protocol",
                    "the agent speaks version "
                        + theirs
                        + " of vaccel.v1, this program "
                        + ours
                        + ": what only one of them knows is not used, or refused",
                    "install the same version on both sides"));
  }
}
