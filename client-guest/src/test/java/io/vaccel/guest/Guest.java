package io.vaccel.guest;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.spi.Plugin;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Runs the command line in this process, with plugins and an environment of a test's choice. */
final class Guest {
  static final Screen PIPE = new Screen(false, 80, false, true);

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<Plugin> plugins;
  private final List<Settings> opened = new ArrayList<>();
  private Settings environment = new Settings(Map.of());
  private Screen screen = PIPE;

  Guest(Plugin... plugins) {
    this.plugins = List.of(plugins);
  }

  Guest with(String name, String value) {
    environment = environment.with(name, value);
    return this;
  }

  Guest on(Screen newScreen) {
    screen = newScreen;
    return this;
  }

  int run(Object... arguments) {
    Console console = new Console(new PrintWriter(out), new PrintWriter(err), screen, screen);
    String[] texts = List.of(arguments).stream().map(String::valueOf).toArray(String[]::new);
    int code = GuestCommand.run(console, environment, this::open, texts);
    console.flush();
    return code;
  }

  private Vaccel open(Settings settings, java.time.Duration timeout) {
    opened.add(settings);
    if (plugins.isEmpty()) {
      return RuntimeSource.CLASS_PATH.open(settings, timeout);
    }
    Vaccel.Builder builder = Vaccel.builder().settings(settings).timeout(timeout);
    plugins.forEach(builder::plugin);
    return builder.load();
  }

  /** The settings that the runtime was opened with. */
  Settings settings() {
    return opened.get(0);
  }

  String out() {
    return out.toString();
  }

  String err() {
    return err.toString();
  }

  /** The output with all measured times replaced. */
  String outWithoutTimes() {
    return Pattern.compile("(?m)^(  |.*loaded here in |round trip.*?)[0-9.]+ (us|ms|s)\\b")
        .matcher(out())
        .replaceAll("$1TIME");
  }
}
