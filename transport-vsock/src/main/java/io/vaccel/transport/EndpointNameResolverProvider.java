package io.vaccel.transport;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import io.netty.channel.epoll.Epoll;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Lets gRPC understand targets such as {@code vsock:2:2048} and {@code hybrid:/run/vm/v.sock:2048},
 * as in {@code Grpc.newChannelBuilder("vsock:2:2048", InsecureChannelCredentials.create())}. gRPC
 * finds it by {@code ServiceLoader}; programs do not use it.
 */
public abstract sealed class EndpointNameResolverProvider extends NameResolverProvider {
  /**
   * Below that of DNS: the scheme of the highest is the one that gRPC assumes for targets without
   * one.
   */
  private static final int PRIORITY = 4;

  private static final Set<String> SCHEMES = Set.of("vsock", "hybrid", "unix");

  private final String scheme;

  private EndpointNameResolverProvider(String scheme) {
    this.scheme = scheme;
  }

  /** {@code vsock:CID:PORT}. */
  public static final class Vsock extends EndpointNameResolverProvider {
    public Vsock() {
      super("vsock");
    }
  }

  /** {@code hybrid:PATH:PORT}. */
  public static final class Hybrid extends EndpointNameResolverProvider {
    public Hybrid() {
      super("hybrid");
    }
  }

  /** {@code unix:PATH}, where gRPC's own, which needs native epoll, is not available. */
  public static final class Unix extends EndpointNameResolverProvider {
    public Unix() {
      super("unix");
    }

    @Override
    protected boolean isAvailable() {
      return !Epoll.isAvailable();
    }
  }

  @Override
  protected boolean isAvailable() {
    return true;
  }

  @Override
  protected int priority() {
    return PRIORITY;
  }

  @Override
  public final String getDefaultScheme() {
    return scheme;
  }

  @Override
  public final Collection<Class<? extends SocketAddress>> getProducedSocketAddressTypes() {
    return List.of(EndpointAddress.class);
  }

  /**
   * Null for other schemes, as gRPC asks; a malformed target is refused with its text and the rule.
   */
  @Override
  public final NameResolver newNameResolver(URI target, NameResolver.Args args) {
    return scheme.equals(target.getScheme()) ? new Resolver(endpoint(target)) : null;
  }

  /** Whether a target names one of these endpoints. */
  static boolean isTarget(String target) {
    return SCHEMES.contains(target.substring(0, Math.max(0, target.indexOf(':'))));
  }

  /** The endpoint of a target. gRPC's spelling {@code unix:///path} is understood as well. */
  static Endpoint endpoint(URI target) {
    String rest = target.getSchemeSpecificPart();
    return Endpoint.parse(
        target.getScheme() + ":" + (rest.startsWith("///") ? rest.substring(2) : rest));
  }

  /** Resolves to the one address it was made for. */
  private static final class Resolver extends NameResolver {
    private final Endpoint endpoint;

    Resolver(Endpoint endpoint) {
      this.endpoint = endpoint;
    }

    @Override
    public String getServiceAuthority() {
      return "localhost";
    }

    @Override
    public void start(Listener2 listener) {
      EquivalentAddressGroup address = new EquivalentAddressGroup(new EndpointAddress(endpoint));
      listener.onResult(
          ResolutionResult.newBuilder()
              .setAddressesOrError(StatusOr.fromValue(List.of(address)))
              .build());
    }

    @Override
    public void shutdown() {}
  }
}
