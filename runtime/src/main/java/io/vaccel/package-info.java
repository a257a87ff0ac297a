/**
 * What an application sees: {@link io.vaccel.Vaccel} finds the plugins, a {@link io.vaccel.Session}
 * holds models and performs {@link io.vaccel.Operations}.
 *
 * <p><b>Local and remote are the same interface.</b> A plugin performs an operation here or asks an
 * agent to; the agent runs this same runtime with its own plugins. An application cannot tell but
 * by {@link io.vaccel.ExecutedOn}.
 */
package io.vaccel;
