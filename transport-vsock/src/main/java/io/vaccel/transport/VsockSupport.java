package io.vaccel.transport;

import io.netty.channel.ChannelException;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.epoll.VSockAddress;
import io.netty.channel.unix.Errors.NativeIoException;
import io.vaccel.transport.Availability.Available;
import io.vaccel.transport.Availability.Unavailable;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds out which of the kernel's vsock transports are there, by binding and by looking into sysfs,
 * never by connecting.
 *
 * <p>A CID can be bound only while the transport that owns it is loaded (net/vmw_vsock/af_vsock.c,
 * vsock_find_cid): CID 1 belongs to vsock_loopback, CID 2 to vhost_vsock. The guest's own CID
 * cannot be asked for without an ioctl, so the guest's side is found by its device.
 */
final class VsockSupport {
  private static final Path DRIVER = Path.of("/sys/bus/virtio/drivers/vmw_vsock_virtio_transport");
  private static final List<Path> OTHER_GUEST_MODULES =
      List.of(Path.of("/sys/module/hv_sock"), Path.of("/sys/module/vmw_vsock_vmci_transport"));

  private static final int EPERM = 1;
  private static final int EACCES = 13;
  private static final int ENFILE = 23;
  private static final int EMFILE = 24;
  private static final int EAFNOSUPPORT = 97;
  private static final int EADDRINUSE = 98;
  private static final int EADDRNOTAVAIL = 99;

  private VsockSupport() {}

  static Availability toConnect(Endpoint.Vsock endpoint, EventLoops loops) {
    Availability socket = socket(loops);
    if (socket instanceof Unavailable) {
      return socket;
    }
    if (endpoint.cid() == Endpoint.CID_LOCAL) {
      return binds(Endpoint.CID_LOCAL)
          ? new Available("vsock_loopback")
          : new Unavailable("no AF_VSOCK loopback: load the module vsock_loopback");
    }
    if (endpoint.cid() <= Endpoint.CID_HOST) {
      return guestDevice()
          ? new Available("the vsock device of this guest")
          : new Unavailable(
              "this machine has no vsock device, so it reaches no host: give the VM one, and load"
                  + " vmw_vsock_virtio_transport in it");
    }
    return binds(Endpoint.CID_HOST)
        ? new Available("vhost_vsock")
        : new Unavailable(
            "this machine reaches no guest over AF_VSOCK: load the module vhost_vsock");
  }

  static Availability toListen(Endpoint.Vsock endpoint, EventLoops loops) {
    Availability socket = socket(loops);
    if (socket instanceof Unavailable) {
      return socket;
    }
    if (endpoint.cid() != Endpoint.CID_ANY) {
      return binds(endpoint.cid())
          ? new Available("AF_VSOCK, CID " + endpoint.cid())
          : new Unavailable(
              "CID " + endpoint.cid() + " is none of this machine's: listen on vsock:any:PORT");
    }
    List<String> transports = new ArrayList<>();
    if (binds(Endpoint.CID_HOST)) {
      transports.add("vhost_vsock");
    }
    if (guestDevice()) {
      transports.add("the vsock device of this guest");
    }
    if (binds(Endpoint.CID_LOCAL)) {
      transports.add("vsock_loopback");
    }
    return transports.isEmpty()
        ? new Unavailable(
            "nobody can reach AF_VSOCK here: load vhost_vsock on a host, or give the guest a vsock device")
        : new Available(String.join(", ", transports));
  }

  /** The failure of a bind in words; what the kernel says alone does not name the endpoint. */
  static IOException explainedBindFailure(Endpoint.Vsock endpoint, NativeIoException failure) {
    String reason =
        switch (-failure.expectedErr()) {
          case EADDRINUSE -> "address in use: a server already listens on " + endpoint;
          case EADDRNOTAVAIL ->
              "CID "
                  + endpoint.cid()
                  + " is none of this machine's: listen on vsock:any:"
                  + endpoint.port();
          case EACCES -> endpoint + ": ports below 1024 are for root";
          default -> endpoint + ": " + failure.getMessage();
        };
    BindException explained = new BindException(reason);
    explained.initCause(failure);
    return explained;
  }

  private static Availability socket(EventLoops loops) {
    if (loops.kind() == EventLoops.Kind.NIO) {
      return new Unavailable("vsock needs native epoll; in use is: " + loops.describe());
    }
    try {
      LinuxSocket.newVSockStream().close();
      return new Available("AF_VSOCK");
    } catch (ChannelException | IOException e) {
      return new Unavailable(reasonWithoutSocket(e));
    }
  }

  /** Why there is no socket of the family at all, in words. */
  static String reasonWithoutSocket(Exception failure) {
    int errno = failure.getCause() instanceof NativeIoException e ? -e.expectedErr() : 0;
    return switch (errno) {
      case EPERM, EACCES ->
          "this process may not use AF_VSOCK: what confines it, such as a container's seccomp"
              + " profile, must allow that family";
      // systemd's RestrictAddressFamilies= answers as a kernel without the family does.
      case EAFNOSUPPORT ->
          "the kernel has no AF_VSOCK: load the module vsock; if it is loaded, what confines this"
              + " process must allow that family";
      case ENFILE, EMFILE -> "no descriptor is left for a socket of AF_VSOCK";
      default -> "no socket of AF_VSOCK: " + failure.getMessage();
    };
  }

  private static boolean binds(long cid) {
    try {
      LinuxSocket socket = LinuxSocket.newVSockStream();
      try {
        socket.bindVSock(new VSockAddress((int) cid, VSockAddress.VMADDR_PORT_ANY));
        return true;
      } finally {
        socket.close();
      }
    } catch (ChannelException | IOException e) {
      return false;
    }
  }

  private static boolean guestDevice() {
    if (OTHER_GUEST_MODULES.stream().anyMatch(Files::isDirectory)) {
      return true;
    }
    try (DirectoryStream<Path> devices = Files.newDirectoryStream(DRIVER, "virtio*")) {
      return devices.iterator().hasNext();
    } catch (IOException e) {
      return false;
    }
  }
}
