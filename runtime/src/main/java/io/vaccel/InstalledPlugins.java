package io.vaccel;

import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugins that {@link ServiceLoader} finds on the class path, chosen and made. */
final class InstalledPlugins {
  private static final Logger LOG = LoggerFactory.getLogger(InstalledPlugins.class);

  private InstalledPlugins() {}

  /**
   * Makes the plugins that the settings name, or all, in the order in which they are to be asked.
   */
  static List<Plugin> create(Settings settings) {
    List<PluginProvider> providers = providers();
    List<String> wanted = settings.list(Settings.PLUGINS);
    List<PluginProvider> chosen =
        wanted.isEmpty()
            ? providers
            : wanted.stream().distinct().map(name -> named(providers, name)).toList();
    return chosen.stream().map(provider -> create(provider, settings)).toList();
  }

  private static List<PluginProvider> providers() {
    List<PluginProvider> found = new ArrayList<>();
    Iterator<PluginProvider> services = ServiceLoader.load(PluginProvider.class).iterator();
    while (hasNext(services)) {
      try {
        found.add(services.next());
      } catch (ServiceConfigurationError e) {
        // One broken jar must not take the others with it; the next element is still readable.
        LOG.warn("a plugin on the class path cannot be loaded: {}", e.getMessage(), e);
      }
    }
    found.sort(Comparator.comparingInt(PluginProvider::order).thenComparing(PluginProvider::name));
    return found;
  }

  private static boolean hasNext(Iterator<PluginProvider> services) {
    while (true) {
      try {
        return services.hasNext();
      } catch (ServiceConfigurationError e) {
        LOG.warn("a list of plugins on the class path is damaged: {}", e.getMessage(), e);
      }
    }
  }

  private static PluginProvider named(List<PluginProvider> providers, String name) {
    return providers.stream()
        .filter(provider -> provider.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new VaccelException(
                    Reason.NO_PLUGIN,
                    Settings.PLUGINS
                        + " names '"
                        + name
                        + "'; on the class path are "
                        + providers.stream().map(PluginProvider::name).toList()));
  }

  private static Plugin create(PluginProvider provider, Settings settings) {
    try {
      return provider.create(settings);
    } catch (VaccelException e) {
      return new Broken(provider.name(), e.text());
    } catch (RuntimeException | LinkageError e) {
      LOG.error("plugin {} cannot be made", provider.name(), e);
      return new Broken(provider.name(), "failed unexpectedly when it was made");
    }
  }

  /** Stands in for a plugin that could not be made, so that it is listed with the reason. */
  private record Broken(String name, String reason) implements Plugin {
    @Override
    public Capabilities capabilities() {
      return Capabilities.none(reason);
    }

    @Override
    public PluginSession openSession(SessionContext context) {
      throw new VaccelException(Reason.NO_PLUGIN, reason);
    }

    @Override
    public void close() {}
  }
}
