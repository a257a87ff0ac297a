package io.vaccel.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The name of a certificate's owner: its subject as RFC 2253 writes it or, where that is empty, its
 * alternative names of RFC 5280, section 4.2.1.6, as in {@code URI:spiffe://example/guest}, with
 * commas between them; a comma or backslash within a name is escaped by a backslash. Certificates
 * without either name nobody: two of them would else be one owner.
 */
final class TlsSubject {
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

  /** The kinds of names that are text, by their numbers in {@code GeneralName}. */
  private static final Map<Integer, String> KINDS =
      Map.of(1, "email:", 2, "DNS:", 6, "URI:", 7, "IP:");

  private TlsSubject() {}

  static Optional<String> of(X509Certificate certificate) {
    String name = certificate.getSubjectX500Principal().getName();
    String subject = name.isEmpty() ? alternatives(certificate) : name;
    return subject.isEmpty() ? Optional.empty() : Optional.of(line(subject));
  }

  private static String alternatives(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null
          ? ""
          : names.stream()
              .filter(name -> KINDS.containsKey(name.get(0)))
              .map(name -> KINDS.get(name.get(0)) + escaped((String) name.get(1)))
              .collect(Collectors.joining(","));
    } catch (CertificateParsingException e) {
      return "";
    }
  }

  /** Without this, one name with a comma could be taken for two. */
  private static String escaped(String name) {
    return name.replace("\\", "\\\\").replace(",", "\\,");
  }

  /**
   * RFC 2253 lets any byte be written in hexadecimal, and the JDK leaves line feeds as they are.
   */
  private static String line(String subject) {
    return CONTROL
        .matcher(subject)
        .replaceAll(control -> Matcher.quoteReplacement(hexadecimal(control.group())));
  }

  private static String hexadecimal(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte octet : text.getBytes(UTF_8)) {
      escaped.append("\\%02X".formatted(octet));
    }
    return escaped.toString();
  }
}
