package io.vaccel.transport;

import java.util.Objects;

/**
 * Where a server listens or a client connects: one of the four address families this library
 * speaks.
 *
 * <p>The text form of an endpoint is canonical: {@code Endpoint.parse(e.toString()).equals(e)}
 * holds for every endpoint, and {@link #parse} accepts only that form.
 *
 * <table>
 * <caption>Text forms</caption>
 * <tr><th>text</th><th>as a client</th><th>as a server</th></tr>
 * <tr><td>{@code vsock:CID:PORT}</td><td>connects over AF_VSOCK</td><td>{@code vsock:any:PORT}, or a local CID</td></tr>
 * <tr><td>{@code hybrid:PATH:PORT}</td><td>connects to the Unix socket PATH and sends {@code CONNECT PORT}</td>
 *     <td>listens on the Unix socket {@code PATH_PORT}, where the VMM delivers what the guest sends to CID 2</td></tr>
 * <tr><td>{@code unix:PATH}</td><td>connects to a Unix socket</td><td>listens on it</td></tr>
 * <tr><td>{@code tcp:HOST:PORT}</td><td>connects over TCP; IPv6 addresses in brackets</td><td>listens on that address</td></tr>
 * </table>
 *
 * <p>Constructors check the same rules as {@link #parse}; both throw {@link
 * IllegalArgumentException} with one line that names the text and the rule. Endpoints are immutable
 * values.
 */
public sealed interface Endpoint {

  /** {@code VMADDR_CID_HYPERVISOR}: reserved for services of the hypervisor itself. */
  long CID_HYPERVISOR = 0;

  /** {@code VMADDR_CID_LOCAL}: this machine, through the kernel's loopback transport. */
  long CID_LOCAL = 1;

  /** {@code VMADDR_CID_HOST}: the host, seen from a guest. */
  long CID_HOST = 2;

  /** {@code VMADDR_CID_ANY}: for servers, every CID of this machine. Written {@code any}. */
  long CID_ANY = 0xFFFF_FFFFL;

  /** {@code VMADDR_PORT_ANY}: for servers, a port chosen by the kernel. Written {@code any}. */
  long PORT_ANY = 0xFFFF_FFFFL;

  /**
   * The longest path of a Unix socket in bytes: {@code sun_path} holds 108 with the closing NUL
   * (unix(7)).
   */
  int MAX_PATH_BYTES = 107;

  /** Reads the canonical text form. */
  static Endpoint parse(String text) {
    return EndpointText.parse(text);
  }

  /** A port of a machine addressed by its 32-bit context id; both numbers are unsigned. */
  record Vsock(long cid, long port) implements Endpoint {
    public Vsock {
      EndpointText.requireUnsigned32("CID", cid);
      EndpointText.requireUnsigned32("port", port);
    }

    /** The port on every CID of this machine, for servers. */
    public static Vsock any(long port) {
      return new Vsock(CID_ANY, port);
    }

    /** The port on the host, seen from a guest. */
    public static Vsock host(long port) {
      return new Vsock(CID_HOST, port);
    }

    @Override
    public String toString() {
      return "vsock:" + (cid == CID_ANY ? "any" : cid) + ":" + (port == PORT_ANY ? "any" : port);
    }
  }

  /** A vsock port behind a Unix socket of the VMM, in the scheme of Firecracker. */
  record Hybrid(String path, long port) implements Endpoint {
    public Hybrid {
      EndpointText.requireUnsigned32("port", port);
      EndpointText.requireSocketPath(path);
      EndpointText.requireSocketPath(path + "_" + port);
    }

    /** The Unix socket on which a server waits for the guest's connections to this port. */
    public String serverPath() {
      return path + "_" + port;
    }

    @Override
    public String toString() {
      return "hybrid:" + path + ":" + port;
    }
  }

  /** A Unix stream socket. */
  record Unix(String path) implements Endpoint {
    public Unix {
      EndpointText.requireSocketPath(path);
    }

    @Override
    public String toString() {
      return "unix:" + path;
    }
  }

  /**
   * A TCP port; {@code host} is a name, an IPv4 address or an IPv6 address without brackets. Port 0
   * asks the kernel for one.
   */
  record Tcp(String host, int port) implements Endpoint {
    public Tcp {
      Objects.requireNonNull(host, "host");
      EndpointText.requireHost(host);
      EndpointText.requireTcpPort(port);
    }

    @Override
    public String toString() {
      return "tcp:" + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
  }
}
