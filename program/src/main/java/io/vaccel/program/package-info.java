/** What {@code vaccel-agent} and {@code vaccel-guest} share as programs of an operating system. */
package io.vaccel.program;
