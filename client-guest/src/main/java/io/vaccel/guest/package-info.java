/**
 * The guest command line {@code vaccel-guest}. It knows the runtime alone: whether the work is done
 * here or at an agent is for the plugins on the class path.
 *
 * <p>An application that depends on this module gets the runtime and, at run time, the plugin that
 * forwards to an agent; it uses {@link io.vaccel.Vaccel} and nothing of this package.
 */
package io.vaccel.guest;
