/**
 * The forwarder: brings programs whose gRPC cannot speak vsock to the agent, byte for byte.
 *
 * <p>{@link io.vaccel.guest.forward.Forwarder} listens; each accepted connection is {@link
 * io.vaccel.guest.forward.Dial dialled} on to the agent, and two {@link
 * io.vaccel.guest.forward.Relay relays} carry its bytes. Whoever may connect to the forwarder is
 * this guest to the agent.
 */
package io.vaccel.guest.forward;
