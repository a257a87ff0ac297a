package io.vaccel.backend.reference;

import io.vaccel.Operations;
import io.vaccel.spi.Capabilities;
import io.vaccel.spi.Plugin;
import io.vaccel.spi.PluginSession;
import io.vaccel.spi.SessionContext;

/** Performs what needs no engine, in this process: {@code noop}, {@code echo} and arrays. */
final class ReferencePlugin implements Plugin {
  static final String DEVICE = "CPU";

  private static final Capabilities CAPABILITIES =
      Capabilities.of(
          DEVICE,
          Operations.NOOP,
          Operations.ECHO,
          Operations.ARRAY_MINMAX,
          Operations.ARRAY_COPY,
          Operations.ARRAY_MULTIPLY_MATRICES,
          Operations.ARRAY_ADD_AND_MULTIPLY,
          Operations.ARRAY_ADD_VECTORS);

  @Override
  public String name() {
    return ReferenceProvider.NAME;
  }

  @Override
  public Capabilities capabilities() {
    return CAPABILITIES;
  }

  @Override
  public PluginSession openSession(SessionContext context) {
    return new ReferenceSession();
  }

  @Override
  public void close() {}
}
