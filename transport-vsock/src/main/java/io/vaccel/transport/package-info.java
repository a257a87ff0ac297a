/** gRPC over AF_VSOCK, hybrid vsock, Unix and TCP sockets. */
package io.vaccel.transport;
