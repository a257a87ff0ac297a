/**
 * What every plugin promises, as tests: a plugin's test class implements the contracts of the
 * operations that it performs, and supplies one hook, {@link
 * io.vaccel.contract.PluginContract#open}. The same contracts hold when the plugin is behind an
 * agent, so they see nothing but {@link io.vaccel.Vaccel} and {@link io.vaccel.Session}.
 */
package io.vaccel.contract;
