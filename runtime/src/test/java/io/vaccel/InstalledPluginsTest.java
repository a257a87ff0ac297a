package io.vaccel;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginProvider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstalledPluginsTest {
  @TempDir Path directory;

  /** Ordered after {@link Early}, before {@link Late} by name. */
  public static final class Middle extends Providing {
    /** For the service loader. */
    public Middle() {
      super("middle", PluginProvider.LOCAL);
    }
  }

  /** A remote one. */
  public static final class Early extends Providing {
    /** For the service loader. */
    public Early() {
      super("remote", PluginProvider.REMOTE);
    }
  }

  /** Same order as {@link Middle}. */
  public static final class Late extends Providing {
    /** For the service loader. */
    public Late() {
      super("zulu", PluginProvider.LOCAL);
    }
  }

  /** Cannot be made. */
  public static final class Broken extends Providing {
    /** For the service loader. */
    public Broken() {
      super("broken", PluginProvider.LOCAL);
    }

    @Override
    public Plugin create(Settings settings) {
      throw new NoClassDefFoundError("some/Engine");
    }
  }

  /** Cannot even be loaded. */
  public static final class Unloadable extends Providing {
    /** For the service loader. */
    public Unloadable() {
      super("unloadable", PluginProvider.LOCAL);
      throw new IllegalStateException("no such engine");
    }
  }

  @Test
  void all_areOrderedRemoteFirstThenByName() throws Exception {
    assertThat(names(Map.of(), Late.class, Early.class, Middle.class))
        .containsExactly("remote", "middle", "zulu");
  }

  @Test
  void setting_choosesAndOrders() throws Exception {
    assertThat(
            names(
                Map.of("VACCEL_PLUGINS", " zulu: remote::zulu"),
                Late.class,
                Early.class,
                Middle.class))
        .containsExactly("zulu", "remote");
  }

  @Test
  void blankSetting_isNone() throws Exception {
    assertThat(names(Map.of("VACCEL_PLUGINS", " "), Early.class)).containsExactly("remote");
  }

  @Test
  void unknownName_saysWhatIsThere() {
    VaccelException failure =
        Failures.of(() -> names(Map.of("VACCEL_PLUGINS", "remote:cuda"), Late.class, Early.class));
    assertThat(failure.reason()).isEqualTo(Reason.NO_PLUGIN);
    assertThat(failure)
        .hasMessage("VACCEL_PLUGINS names 'cuda'; on the class path are [remote, zulu]");
  }

  @Test
  void pluginThatCannotBeMade_isListedWithTheReason() throws Exception {
    try (Vaccel vaccel = load(Map.of(), Broken.class, Early.class)) {
      assertThat(vaccel.plugins()).hasSize(2);
      assertThat(vaccel.plugins().get(1).capabilities().availability())
          .isEqualTo(io.vaccel.spi.Availability.unusable("failed unexpectedly when it was made"));
    }
  }

  @Test
  void pluginThatCannotBeLoaded_doesNotTakeTheOthersWithIt() throws Exception {
    assertThat(names(Map.of(), Unloadable.class, Early.class)).containsExactly("remote");
  }

  @Test
  void settings_reachThePlugin() throws Exception {
    try (Vaccel vaccel = load(Map.of("VACCEL_RPC_ADDRESS", "vsock:2:1"), Early.class)) {
      assertThat(vaccel.plugins().get(0).capabilities().device()).isEqualTo("vsock:2:1");
    }
  }

  private List<String> names(Map<String, String> settings, Class<?>... providers)
      throws IOException {
    try (Vaccel vaccel = load(settings, providers)) {
      return vaccel.plugins().stream().map(PluginStatus::name).toList();
    }
  }

  /** Loads with exactly these providers on the class path, whatever else the tests bring. */
  private Vaccel load(Map<String, String> settings, Class<?>... providers) throws IOException {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.write(
        services.resolve(PluginProvider.class.getName()),
        List.of(providers).stream().map(Class::getName).toList());
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader only = new URLClassLoader(new URL[] {directory.toUri().toURL()}, before)) {
      thread.setContextClassLoader(only);
      return Vaccel.builder().settings(new Settings(settings)).load();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  /** Makes fake plugins that show the agent's address as their device. */
  abstract static class Providing implements PluginProvider {
    private final String name;
    private final int order;

    Providing(String name, int order) {
      this.name = name;
      this.order = order;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int order() {
      return order;
    }

    @Override
    public Plugin create(Settings settings) {
      FakePlugin plugin = new FakePlugin(name, FakePlugin.journal());
      plugin.capabilities =
          io.vaccel.spi.Capabilities.of(settings.get(Settings.RPC_ADDRESS).orElse("none"));
      return plugin;
    }
  }
}
