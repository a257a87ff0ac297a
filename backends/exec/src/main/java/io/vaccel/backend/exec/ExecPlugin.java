package io.vaccel.backend.exec;

import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Settings;
import io.vaccel.VaccelException;
import io.vaccel.backend.engine.NativeDirectory;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls functions of allowed libraries, each in a process of its own. It is usable when a library
 * is allowed and a process could be isolated on trial; otherwise it says what is missing.
 */
final class ExecPlugin implements Plugin {
  static final String DEVICE = "CPU";

  private static final Logger LOG = LoggerFactory.getLogger(ExecPlugin.class);

  private final Settings settings;
  private Optional<Running> running = Optional.empty();
  private Optional<Capabilities> capabilities = Optional.empty();

  /** What is there once it is known that libraries can be isolated. */
  private record Running(ExecSettings settings, LibraryStore store, Processes processes) {}

  ExecPlugin(Settings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return ExecProvider.NAME;
  }

  @Override
  public synchronized Capabilities capabilities() {
    if (capabilities.isPresent()) {
      return capabilities.get();
    }
    try {
      Capabilities found = tried();
      capabilities = Optional.of(found);
      return found;
    } catch (VaccelException e) {
      // Not for ever: the machine may have been too busy for the trial.
      return Capabilities.none(e.text());
    }
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    if (capabilities().availability() instanceof Availability.Unusable unusable) {
      throw new VaccelException(unusable.error(), unusable.reason());
    }
    Running now;
    synchronized (this) {
      now = running.orElseThrow(() -> new VaccelException(Reason.CLOSED, "the plugin is closed"));
    }
    return new ExecSession(now.settings(), now.processes());
  }

  @Override
  public synchronized void close() {
    running.ifPresent(open -> open.store().close());
    running = Optional.empty();
  }

  private Capabilities tried() {
    try {
      ExecSettings known = ExecSettings.of(settings);
      if (known.libraries().isEmpty()) {
        return Capabilities.off(
            "exec is off: no library is allowed (" + ExecSettings.LIBRARIES + ")");
      }
      NativeDirectory.useForJna(settings);
      Optional<String> problem = Confinement.problem();
      if (problem.isPresent()) {
        return Capabilities.none(problem.get());
      }
      LibraryStore store =
          new LibraryStore(
              known.directory().isPresent()
                  ? NativeDirectory.make(known.directory().get())
                  : NativeDirectory.of(settings, "exec"));
      Running open = new Running(known, store, new Processes(known, store));
      try {
        open.processes().tryOut();
      } catch (VaccelException e) {
        store.close();
        if (e.reason() == Reason.DEADLINE_EXCEEDED) {
          throw e;
        }
        return Capabilities.none(e.text());
      }
      running = Optional.of(open);
      return new Capabilities(
          Availability.usable(),
          Set.of(Operations.EXEC, Operations.EXEC_WITH_RESOURCE),
          Set.of(),
          DEVICE,
          Map.of(
              "libraries",
              known.libraries().stream()
                  .map(AllowedLibrary::name)
                  .collect(Collectors.joining(" "))));
    } catch (IOException e) {
      LOG.error("no directory for libraries", e);
      return Capabilities.none("there is no directory for libraries (the log says why)");
    }
  }
}
