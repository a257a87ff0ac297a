package io.vaccel.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.util.NetUtil;
import java.util.regex.Pattern;

/** The grammar of {@link Endpoint}'s text form, and the rules its parts obey. */
final class EndpointText {
  private static final long MAX_UNSIGNED_32 = 0xFFFF_FFFFL;
  private static final int MAX_TEXT_CHARS = 512;
  private static final Pattern HOST_NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");

  private EndpointText() {}

  static Endpoint parse(String text) {
    if (text.length() > MAX_TEXT_CHARS) {
      throw new IllegalArgumentException(
          "endpoint of %d characters: at most %d".formatted(text.length(), MAX_TEXT_CHARS));
    }
    int colon = text.indexOf(':');
    String scheme = colon < 0 ? "" : text.substring(0, colon);
    String rest = text.substring(colon + 1);
    try {
      return switch (scheme) {
        case "vsock" -> vsock(rest);
        case "hybrid" -> hybrid(rest);
        case "unix" -> new Endpoint.Unix(rest);
        case "tcp" -> tcp(rest);
        default ->
            throw new IllegalArgumentException(
                "write vsock:CID:PORT, hybrid:PATH:PORT, unix:PATH or tcp:HOST:PORT");
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "endpoint \"" + printable(text) + "\": " + e.getMessage(), e);
    }
  }

  private static Endpoint vsock(String rest) {
    int colon = rest.indexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("write vsock:CID:PORT");
    }
    return new Endpoint.Vsock(
        numberOrAny("CID", rest.substring(0, colon), Endpoint.CID_ANY),
        numberOrAny("port", rest.substring(colon + 1), Endpoint.PORT_ANY));
  }

  private static Endpoint hybrid(String rest) {
    int colon = rest.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("write hybrid:PATH:PORT");
    }
    return new Endpoint.Hybrid(rest.substring(0, colon), number("port", rest.substring(colon + 1)));
  }

  private static Endpoint tcp(String rest) {
    int colon = rest.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException("write tcp:HOST:PORT");
    }
    String host = rest.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (!bracketed && host.indexOf(':') >= 0) {
      throw new IllegalArgumentException("write an IPv6 address in brackets: tcp:[::1]:PORT");
    }
    String bare = bracketed ? host.substring(1, host.length() - 1) : host;
    if (bracketed && bare.indexOf(':') < 0) {
      throw new IllegalArgumentException("brackets are for IPv6 addresses");
    }
    long port = number("port", rest.substring(colon + 1));
    if (port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
    return new Endpoint.Tcp(bare, (int) port);
  }

  private static long numberOrAny(String what, String text, long any) {
    if (text.equals("any")) {
      return any;
    }
    long number = number(what, text);
    if (number == any) {
      throw new IllegalArgumentException("%s %d is reserved: write any".formatted(what, number));
    }
    return number;
  }

  private static long number(String what, String text) {
    // Plain digits only: a sign, a blank or a leading zero would give one endpoint two texts.
    boolean digits = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!digits || (text.length() > 1 && text.charAt(0) == '0')) {
      throw new IllegalArgumentException(
          "%s \"%s\" is not a decimal number".formatted(what, printable(text)));
    }
    if (text.length() > 10 || Long.parseLong(text) > MAX_UNSIGNED_32) {
      throw new IllegalArgumentException(
          "%s %s is not in 0..%d".formatted(what, text, MAX_UNSIGNED_32));
    }
    return Long.parseLong(text);
  }

  static void requireUnsigned32(String what, long value) {
    if (value < 0 || value > MAX_UNSIGNED_32) {
      throw new IllegalArgumentException(
          "%s %d is not in 0..%d".formatted(what, value, MAX_UNSIGNED_32));
    }
  }

  static void requireTcpPort(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port " + port + " is not in 0..65535");
    }
  }

  static void requireSocketPath(String path) {
    if (path.isEmpty()) {
      throw new IllegalArgumentException("the path is empty");
    }
    if (path.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("the path contains a NUL character");
    }
    if (path.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("the path contains a control character");
    }
    if (path.startsWith("//")) {
      throw new IllegalArgumentException("the path starts with //: write one slash");
    }
    int bytes = path.getBytes(UTF_8).length;
    if (bytes > Endpoint.MAX_PATH_BYTES) {
      throw new IllegalArgumentException(
          "the socket path %s has %d bytes, at most %d fit"
              .formatted(path, bytes, Endpoint.MAX_PATH_BYTES));
    }
    if (!new String(path.getBytes(UTF_8), UTF_8).equals(path)) {
      throw new IllegalArgumentException("the path is no valid Unicode text");
    }
  }

  static void requireHost(String host) {
    boolean valid =
        host.indexOf(':') >= 0
            ? NetUtil.isValidIpV6Address(host) && !host.startsWith("[")
            : HOST_NAME.matcher(host).matches();
    if (!valid) {
      throw new IllegalArgumentException(
          "host \"%s\" is neither a name nor an IP address".formatted(printable(host)));
    }
  }

  /**
   * The text with control characters written as escapes and cut at 200 characters, so that it fits
   * into one log line.
   */
  static String printable(String text) {
    StringBuilder out = new StringBuilder();
    text.chars()
        .limit(200)
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
                out.append(String.format("\\u%04x", c));
              } else {
                out.append((char) c);
              }
            });
    return text.length() > 200 ? out.append("...").toString() : out.toString();
  }
}
