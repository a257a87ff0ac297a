package io.vaccel.plugin.vsock;

import io.grpc.Attributes;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;

/**
 * Notes whether one call got as far as a connection: one that did not cannot have had any effect,
 * so it may be repeated whatever it does.
 */
final class Departure extends ClientStreamTracer.Factory {
  private volatile boolean departed;

  boolean departed() {
    return departed;
  }

  @Override
  public ClientStreamTracer newClientStreamTracer(
      ClientStreamTracer.StreamInfo info, Metadata headers) {
    return new ClientStreamTracer() {
      @Override
      public void streamCreated(Attributes transport, Metadata sentHeaders) {
        departed = true;
      }
    };
  }
}
