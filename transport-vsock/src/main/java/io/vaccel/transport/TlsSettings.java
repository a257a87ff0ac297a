package io.vaccel.transport;

import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * The files and names of TLS for TCP endpoints. All files are PEM; the private key is PKCS#8
 * without a password. TLS 1.3 and 1.2 by the JDK.
 *
 * @param identity the own certificate and key; a server must have one
 * @param trustedAuthorities the certificates to verify the other side with. On a server their
 *     presence makes client certificates mandatory; on a client without them, the authorities of
 *     the JDK count
 * @param serverName the name that the server's certificate must bear, when it is not the host of
 *     the endpoint
 */
public record TlsSettings(
    Optional<Identity> identity, Optional<Path> trustedAuthorities, Optional<String> serverName) {

  /** A certificate chain, own certificate first, and its private key. */
  public record Identity(Path certificates, Path privateKey) {
    public Identity {
      Objects.requireNonNull(certificates, "certificates");
      Objects.requireNonNull(privateKey, "privateKey");
    }
  }

  public TlsSettings {
    Objects.requireNonNull(identity, "identity");
    Objects.requireNonNull(trustedAuthorities, "trustedAuthorities");
    Objects.requireNonNull(serverName, "serverName");
  }

  /** For a server that shows a certificate and asks for none. */
  public static TlsSettings identity(Path certificates, Path privateKey) {
    return new TlsSettings(
        Optional.of(new Identity(certificates, privateKey)), Optional.empty(), Optional.empty());
  }

  /** For a client that verifies the server by these authorities and shows no certificate. */
  public static TlsSettings trusting(Path authorities) {
    return new TlsSettings(Optional.empty(), Optional.of(authorities), Optional.empty());
  }

  /** For either side of mutual TLS. */
  public static TlsSettings mutual(Path certificates, Path privateKey, Path authorities) {
    return new TlsSettings(
        Optional.of(new Identity(certificates, privateKey)),
        Optional.of(authorities),
        Optional.empty());
  }

  /** The same for a server whose certificate bears {@code name}. */
  public TlsSettings withServerName(String name) {
    return new TlsSettings(identity, trustedAuthorities, Optional.of(name));
  }

  /**
   * Reads the files as a server would.
   *
   * @throws IllegalArgumentException if a server cannot use them, with the reason
   */
  public void requireServer() {
    serverContext();
  }

  SslContext serverContext() {
    Identity own =
        identity.orElseThrow(
            () -> new IllegalArgumentException("a TLS server needs a certificate and its key"));
    SslContext context =
        build(
            SslContextBuilder.forServer(own.certificates().toFile(), own.privateKey().toFile())
                .clientAuth(trustedAuthorities.isPresent() ? ClientAuth.REQUIRE : ClientAuth.NONE));
    KeyPairFiles.requirePair(own);
    return context;
  }

  SslContext clientContext() {
    SslContextBuilder builder = SslContextBuilder.forClient();
    identity.ifPresent(
        own -> builder.keyManager(own.certificates().toFile(), own.privateKey().toFile()));
    return build(builder);
  }

  private SslContext build(SslContextBuilder builder) {
    trustedAuthorities.ifPresent(file -> builder.trustManager(file.toFile()));
    try {
      return GrpcSslContexts.configure(builder, SslProvider.JDK).build();
    } catch (SSLException e) {
      throw new IllegalArgumentException("cannot set up TLS: " + e.getMessage(), e);
    }
  }
}
