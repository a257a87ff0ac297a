/** Operations without an engine: noop and echo. */
package io.vaccel.backend.reference;
