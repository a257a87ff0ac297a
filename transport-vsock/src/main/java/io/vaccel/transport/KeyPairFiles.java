package io.vaccel.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a private key is that of a certificate: neither Netty nor the JDK asks before a client
 * connects.
 */
final class KeyPairFiles {
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");

  private KeyPairFiles() {}

  /**
   * Reads files that TLS could be set up with.
   *
   * @throws IllegalArgumentException naming both files, if they do not belong together or one has
   *     changed meanwhile
   */
  static void requirePair(TlsSettings.Identity own) {
    String files = own.privateKey() + " and " + own.certificates();
    try {
      PublicKey certified = certified(own);
      Matcher pem = KEY.matcher(Files.readString(own.privateKey()));
      if (!pem.find()) {
        throw new IllegalArgumentException(own.privateKey() + " holds no private key");
      }
      PrivateKey key =
          KeyFactory.getInstance(certified.getAlgorithm())
              .generatePrivate(
                  new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1))));
      if (!isPair(certified, key)) {
        throw new IllegalArgumentException(files + ": the key is not that of the certificate");
      }
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(files + " do not belong together: " + e.getMessage(), e);
    }
  }

  private static PublicKey certified(TlsSettings.Identity own)
      throws IOException, GeneralSecurityException {
    try (InputStream chain = Files.newInputStream(own.certificates())) {
      return CertificateFactory.getInstance("X.509").generateCertificates(chain).stream()
          .findFirst()
          .orElseThrow(() -> new CertificateException("there is no certificate"))
          .getPublicKey();
    }
  }

  private static boolean isPair(PublicKey certified, PrivateKey key)
      throws GeneralSecurityException {
    if (certified instanceof RSAKey first && key instanceof RSAKey second) {
      return first.getModulus().equals(second.getModulus());
    }
    String algorithm = certified.getAlgorithm();
    Signature signature =
        Signature.getInstance(algorithm.equals("EC") ? "SHA256withECDSA" : algorithm);
    byte[] message = certified.getEncoded(); // EdDSA of the JDK verifies no empty message.
    signature.initSign(key);
    signature.update(message);
    byte[] signed = signature.sign();
    signature.initVerify(certified);
    signature.update(message);
    return signature.verify(signed);
  }
}
