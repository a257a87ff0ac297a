package io.vaccel.program.doctor;

import io.vaccel.transport.Endpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whether the module of vsock that a program needs is loaded, and whether others could open its
 * device. Neither of our programs opens it: where sockets work, a device that is missing or closed
 * is worth a note and no more.
 */
public final class DeviceCheck implements Check {
  private static final Endpoint HOST = new Endpoint.Vsock(Endpoint.CID_HOST, Endpoint.PORT_ANY);

  private final Machine machine;
  private final Device device;
  private final boolean works;
  private final boolean needed;

  private DeviceCheck(Machine machine, Device device, boolean works, boolean needed) {
    this.machine = machine;
    this.device = device;
    this.works = works;
    this.needed = needed;
  }

  /** {@code /dev/vsock}, which AF_VSOCK brings, for a client of this endpoint. */
  public static DeviceCheck vsock(Machine machine, Endpoint.Vsock endpoint) {
    return new DeviceCheck(machine, Device.VSOCK, machine.connects().test(endpoint), true);
  }

  /**
   * {@code /dev/vhost-vsock}, with which QEMU gives its guests a vsock device, for an agent. In a
   * guest the agent can do without: its clients are of the same machine.
   */
  public static DeviceCheck vhost(Machine machine) {
    return new DeviceCheck(
        machine, Device.VHOST, machine.listens().test(HOST), !machine.connects().test(HOST));
  }

  @Override
  public List<Finding> findings() {
    return List.of(works ? file() : module());
  }

  private Finding file() {
    Path path = machine.device(device.file);
    if (!Files.exists(path)) {
      return Finding.note(
          device.path(),
          "it is missing, which matters only to " + device.opener,
          "in a container: pass the device in, --device " + device.path());
    }
    if (!machine.mayOpen().test(path)) {
      return Finding.note(
          device.path(),
          "this user may not open it, which matters only to " + device.opener,
          "for another user: sudo setfacl -m u:NAME:rw " + device.path(),
          "or let that user join its group: ls -l " + device.path());
    }
    return Finding.ok(device.path(), "there, and this user may open it");
  }

  private Finding module() {
    if (machine.hasModule(device.module)) {
      // What else keeps the sockets from working, the check of the transport says.
      return Finding.ok(device.path(), "the module " + device.module + " is loaded");
    }
    String found = "the module " + device.module + " is not loaded: " + device.without;
    String[] advice = {
      "sudo modprobe " + device.module,
      "at each boot: echo " + device.module + " | sudo tee /etc/modules-load.d/vsock.conf"
    };
    return needed
        ? Finding.problem(device.path(), found, advice)
        : Finding.note(device.path(), found, advice);
  }

  private enum Device {
    VSOCK(
        "vsock",
        "vsock",
        "programs that ask for the CID of their machine",
        "no program here can use AF_VSOCK"),
    VHOST(
        "vhost-vsock",
        "vhost_vsock",
        "whoever starts QEMU",
        "QEMU cannot give a guest a vsock device");

    private final String file;
    private final String module;
    private final String opener;
    private final String without;

    Device(String file, String module, String opener, String without) {
      this.file = file;
      this.module = module;
      this.opener = opener;
      this.without = without;
    }

    private String path() {
      return "/dev/" + file;
    }
  }
}
