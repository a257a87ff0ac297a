package io.vaccel.transport;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A certificate authority of its own with one server, 127.0.0.1, and one client, guest-7, as PEM
 * files.
 */
public record Certificates(
    TlsSettings server, TlsSettings client, TlsSettings clientWithoutIdentity) {

  /** New ones, written to {@code folder}. */
  public static Certificates in(Path folder) throws Exception {
    return in(folder, new CertificateBuilder().subject("CN=guest-7,O=Tests"));
  }

  /** The same for a client of another name. */
  static Certificates in(Path folder, CertificateBuilder named) throws Exception {
    X509Bundle authority =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=Authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path authorityFile = Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
    X509Bundle server =
        new CertificateBuilder()
            .ecp256()
            .subject("CN=agent")
            .addSanIpAddress("127.0.0.1")
            .buildIssuedBy(authority);
    X509Bundle client = named.ecp256().buildIssuedBy(authority);
    return new Certificates(
        mutual(folder, "server", server, authorityFile),
        mutual(folder, "client", client, authorityFile),
        TlsSettings.trusting(authorityFile));
  }

  private static TlsSettings mutual(Path folder, String name, X509Bundle bundle, Path authority)
      throws Exception {
    return TlsSettings.mutual(
        Files.writeString(folder.resolve(name + ".pem"), bundle.getCertificatePathPEM()),
        Files.writeString(folder.resolve(name + ".key"), bundle.getPrivateKeyPEM()),
        authority);
  }
}
