/**
 * What a plugin implements: a {@link io.vaccel.spi.PluginProvider} makes a {@link
 * io.vaccel.spi.Plugin}, which opens {@link io.vaccel.spi.PluginSession}s, which perform
 * operations.
 */
package io.vaccel.spi;
