/**
 * The codec between {@code vaccel.v1} messages and the runtime's records: {@link
 * io.vaccel.wire.WireOperations} says how each operation travels, {@link io.vaccel.wire.Codec} how
 * shared values do, {@link io.vaccel.wire.WireErrors} how failures do.
 */
package io.vaccel.wire;
