package io.vaccel;

import io.vaccel.spi.Capabilities;

/**
 * A plugin and what it says it can do now.
 *
 * @param name the plugin's name
 * @param capabilities what it can do, or why it cannot
 */
public record PluginStatus(String name, Capabilities capabilities) {}
