package io.vaccel.program.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Whether a device of vsock is there, its module is loaded, and this user may open it. */
public final class DeviceCheck implements Check {
  private final Machine machine;
  private final String device;
  private final String module;
  private final String purpose;

  private DeviceCheck(Machine machine, String device, String module, String purpose) {
    this.machine = machine;
    this.device = device;
    this.module = module;
    this.purpose = purpose;
  }

  /** {@code /dev/vsock}, which AF_VSOCK brings. */
  public static DeviceCheck vsock(Machine machine) {
    return new DeviceCheck(machine, "vsock", "vsock", "no program here can use AF_VSOCK");
  }

  /** {@code /dev/vhost-vsock}, with which QEMU gives its guests a vsock device. */
  public static DeviceCheck vhost(Machine machine) {
    return new DeviceCheck(
        machine, "vhost-vsock", "vhost_vsock", "QEMU cannot give a guest a vsock device");
  }

  @Override
  public List<Finding> findings() {
    Path path = machine.device(device);
    String name = "/dev/" + device;
    if (!Files.exists(path)) {
      return List.of(
          machine.hasModule(module)
              ? Finding.problem(
                  name,
                  "the module " + module + " is loaded, but " + name + " is missing: " + purpose,
                  "in a container: pass the device in, --device " + name)
              : Finding.problem(
                  name,
                  "the module " + module + " is not loaded: " + purpose,
                  "sudo modprobe " + module,
                  "at each boot: echo " + module + " | sudo tee /etc/modules-load.d/vsock.conf"));
    }
    if (!machine.mayOpen().test(path)) {
      return List.of(
          Finding.problem(
              name,
              "this user may not open " + name,
              "sudo setfacl -m u:$USER:rw " + name,
              "or join its group: ls -l " + name));
    }
    return List.of(Finding.ok(name, "there, and this user may open it"));
  }
}
