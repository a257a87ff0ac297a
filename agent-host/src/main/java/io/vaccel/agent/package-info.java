/** The host agent. */
package io.vaccel.agent;
