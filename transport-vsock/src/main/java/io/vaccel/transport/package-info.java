/**
 * gRPC over AF_VSOCK, hybrid vsock, Unix and TCP sockets.
 *
 * <pre>{@code
 * Server server = Servers.builder(Endpoint.parse("vsock:any:2048"), ServerLimits.defaults())
 *     .addService(service)
 *     .build()
 *     .start();
 *
 * ManagedChannel channel = Channels.open(Endpoint.parse("vsock:2:2048"));
 * }</pre>
 *
 * <p>{@link io.vaccel.transport.Endpoint} says where, {@link io.vaccel.transport.ServerSettings}
 * and {@link io.vaccel.transport.ChannelSettings} say how, {@link io.vaccel.transport.ServerLimits}
 * what a client may make the server spend, {@link io.vaccel.transport.Peer} who is calling, {@link
 * io.vaccel.transport.EventLoops} on which threads, and {@link io.vaccel.transport.Availability}
 * whether it can work here. This package depends on gRPC and Netty and on nothing else of this
 * project.
 *
 * <p>AF_VSOCK needs Linux and Netty's native epoll library; everything else runs on plain Java as
 * well.
 */
package io.vaccel.transport;
