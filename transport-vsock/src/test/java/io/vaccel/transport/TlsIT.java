package io.vaccel.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIT {
  @TempDir private Path folder;
  @TempDir private Path foreign;
  private Server server;

  private String who(Optional<TlsSettings> onServer, Optional<TlsSettings> onClient)
      throws Exception {
    ServerSettings.Builder serverSettings = ServerSettings.builder();
    onServer.ifPresent(serverSettings::tls);
    ChannelSettings.Builder channelSettings = ChannelSettings.builder();
    onClient.ifPresent(channelSettings::tls);
    server =
        Servers.builder(new Endpoint.Tcp("127.0.0.1", 0), serverSettings.build())
            .addService(new TestService())
            .build()
            .start();
    ManagedChannel channel =
        Channels.open(Servers.endpoints(server).get(0), channelSettings.build());
    try {
      return new String(
          ClientCalls.blockingUnaryCall(channel, TestService.WHO, CallOptions.DEFAULT, new byte[0]),
          StandardCharsets.UTF_8);
    } finally {
      channel.shutdownNow();
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (server != null) {
      server.shutdownNow().awaitTermination();
    }
  }

  /** What the client is told, when it is UNAVAILABLE. */
  private String unavailable(Optional<TlsSettings> onServer, Optional<TlsSettings> onClient) {
    Status status =
        catchThrowableOfType(StatusRuntimeException.class, () -> who(onServer, onClient))
            .getStatus();
    assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    return status.getDescription();
  }

  @Test
  void clientWithCertificate_isItsSubject() throws Exception {
    Certificates files = Certificates.in(folder);
    assertThat(who(Optional.of(files.server()), Optional.of(files.client())))
        .startsWith("tls:CN=guest-7,O=Tests|tcp 127.0.0.1:");
  }

  /** What a client whose certificate has this name is to the server. */
  private String owner(CertificateBuilder named) throws Exception {
    Certificates files = Certificates.in(folder, named);
    String who = who(Optional.of(files.server()), Optional.of(files.client()));
    assertThat(who).as("one line").doesNotContain("\n");
    return who.substring(0, who.indexOf('|'));
  }

  @Test
  void subject_isWrittenAsRfc2253Does_onOneLine() throws Exception {
    assertThat(
            owner(
                new CertificateBuilder()
                    .subject("CN=a\\,b\\0AOWNER=x,OU=\\\"q\\\",O=\u00fcn\u00ef")))
        .isEqualTo("tls:CN=a\\,b\\0AOWNER\\=x,OU=\\\"q\\\",O=\u00fcn\u00ef");
  }

  @Test
  void certificateWithoutSubject_isItsAlternativeNames() throws Exception {
    assertThat(
            owner(
                new CertificateBuilder()
                    .subject("")
                    .addSanUriName("spiffe://example/guest-7")
                    .addSanDnsName("guest-7.example")))
        .isEqualTo("tls:URI:spiffe://example/guest-7,DNS:guest-7.example");
  }

  @Test
  void alternativeNameWithACommaInIt_isNotTwoNames() throws Exception {
    assertThat(owner(new CertificateBuilder().subject("").addSanUriName("urn:a,DNS:b")))
        .isEqualTo("tls:URI:urn:a\\,DNS:b");
  }

  @Test
  void certificateWithoutAnyName_isNobodyButItsAddress() throws Exception {
    assertThat(owner(new CertificateBuilder().subject(""))).isEqualTo("tcp:127.0.0.1");
  }

  @Test
  void serverThatAsksForNoCertificate_knowsTheAddressOnly() throws Exception {
    Certificates files = Certificates.in(folder);
    TlsSettings.Identity own = files.server().identity().orElseThrow();
    TlsSettings oneSided = TlsSettings.identity(own.certificates(), own.privateKey());
    assertThat(who(Optional.of(oneSided), Optional.of(files.clientWithoutIdentity())))
        .startsWith("tcp:127.0.0.1|");
  }

  @Test
  void clientWithoutCertificate_isRefused() throws Exception {
    Certificates files = Certificates.in(folder);
    assertThat(unavailable(Optional.of(files.server()), Optional.of(files.clientWithoutIdentity())))
        .contains("tcp:127.0.0.1:");
  }

  @Test
  void clientOfAnotherAuthority_isRefused() throws Exception {
    Certificates files = Certificates.in(folder);
    TlsSettings other = Certificates.in(foreign).client();
    TlsSettings trustingUs =
        new TlsSettings(other.identity(), files.client().trustedAuthorities(), Optional.empty());
    assertThat(unavailable(Optional.of(files.server()), Optional.of(trustingUs)))
        .contains("tcp:127.0.0.1:");
  }

  @Test
  void serverOfAnotherAuthority_isRefused() throws Exception {
    Certificates files = Certificates.in(folder);
    assertThat(
            unavailable(
                Optional.of(files.server()), Optional.of(Certificates.in(foreign).client())))
        .matches("TLS with tcp:127.0.0.1:\\d+ failed: \\S.*");
  }

  @Test
  void serverWithAnotherName_isRefused() throws Exception {
    Certificates files = Certificates.in(folder);
    assertThat(
            unavailable(
                Optional.of(files.server()),
                Optional.of(files.client().withServerName("agent.example"))))
        .startsWith("TLS with ")
        .contains("agent.example");
  }

  @Test
  void clearTextClient_isRefused() throws Exception {
    assertThat(unavailable(Optional.of(Certificates.in(folder).server()), Optional.empty()))
        .contains("tcp:127.0.0.1:");
  }

  @Test
  void badFile_isNamed() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty.pem"));
    assertThatThrownBy(() -> TlsSettings.identity(empty, empty).serverContext())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty.pem");
  }

  @Test
  void keyOfAnotherCertificate_isRefused() throws Exception {
    for (CertificateBuilder kind :
        List.of(
            new CertificateBuilder().ecp256(),
            new CertificateBuilder().rsa2048(),
            new CertificateBuilder().algorithm(CertificateBuilder.Algorithm.ed25519))) {
      X509Bundle own = kind.subject("CN=agent").setIsCertificateAuthority(true).buildSelfSigned();
      Path key = Files.writeString(folder.resolve("own.key"), own.getPrivateKeyPEM());
      Path certificate = Files.writeString(folder.resolve("own.pem"), own.getCertificatePathPEM());
      TlsSettings.identity(certificate, key).requireServer();
      for (CertificateBuilder other :
          List.of(
              kind.copy(),
              new CertificateBuilder().algorithm(CertificateBuilder.Algorithm.ecp384))) {
        Files.writeString(
            key,
            other
                .subject("CN=agent")
                .setIsCertificateAuthority(true)
                .buildSelfSigned()
                .getPrivateKeyPEM());
        assertThatThrownBy(() -> TlsSettings.identity(certificate, key).requireServer())
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(key + " and " + certificate);
      }
    }
  }

  @Test
  void tlsOnAUnixSocket_isRefused() {
    TlsSettings tls = TlsSettings.trusting(folder.resolve("ca.pem"));
    assertThatThrownBy(
            () ->
                Channels.open(
                    new Endpoint.Unix("/run/s.sock"), ChannelSettings.builder().tls(tls).build()))
        .hasMessage("TLS is for tcp endpoints, not for unix:/run/s.sock");
  }
}
