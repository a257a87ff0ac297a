/** Operations without an engine: noop, echo, and arrays. */
package io.vaccel.backend.reference;
