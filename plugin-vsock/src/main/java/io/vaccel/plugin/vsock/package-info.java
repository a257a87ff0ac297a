/** The plugin whose work happens at an agent. */
package io.vaccel.plugin.vsock;
