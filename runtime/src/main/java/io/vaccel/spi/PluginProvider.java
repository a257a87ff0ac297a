package io.vaccel.spi;

import io.vaccel.Settings;

/**
 * Makes one kind of plugin; found by {@link java.util.ServiceLoader}.
 *
 * <p>Loading the provider class must be cheap and must not touch native code: that is {@link
 * #create}'s or the first session's business.
 */
public interface PluginProvider {
  /** The order of plugins that forward to another machine or process. */
  int REMOTE = 0;

  /** The order of plugins that do the work here on an accelerator or an engine. */
  int LOCAL = 100;

  /** The plugin's name as in {@code VACCEL_PLUGINS}: lower-case letters, digits, {@code -}. */
  String name();

  /** Lower ones are asked first; equal ones in the order of their names. */
  default int order() {
    return LOCAL;
  }

  /**
   * A new plugin. One that cannot work in this environment is still made, and says why in its
   * {@link Plugin#capabilities}.
   */
  Plugin create(Settings settings);
}
