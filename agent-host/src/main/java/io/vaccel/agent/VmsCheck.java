package io.vaccel.agent;

import io.vaccel.program.doctor.Check;
import io.vaccel.program.doctor.Finding;
import io.vaccel.program.doctor.ListenCheck;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/** Whether a directory of VMs can be watched, and listened for each VM that is there now. */
final class VmsCheck implements Check {
  private static final String WHAT = "vms";

  private final VmDirectory vms;

  VmsCheck(VmDirectory vms) {
    this.vms = vms;
  }

  @Override
  public List<Finding> findings() {
    if (Files.notExists(vms.directory())) {
      return List.of(
          Finding.note(
              WHAT,
              vms.directory() + " is not there yet; the agent looks for it",
              "sudo mkdir -p " + vms.directory()));
    }
    if (!Files.isReadable(vms.directory()) || !Files.isExecutable(vms.directory())) {
      return List.of(
          Finding.problem(
              WHAT,
              vms.directory() + " cannot be read by this user",
              "let the agent's user into the group of the directory, or of the VMM: ls -ld "
                  + vms.directory(),
              "or: sudo setfacl -m u:$USER:rx " + vms.directory()));
    }
    if (!Files.isDirectory(vms.directory())) {
      return List.of(
          Finding.problem(WHAT, vms.directory() + " is no directory", "choose another: --vms DIR"));
    }
    VmScan scan = new VmScan(vms);
    List<Place> places = scan.places(List.of());
    List<Finding> findings = new ArrayList<>();
    findings.add(Finding.ok(WHAT, vms.directory() + ": " + places.size() + " VMs are there"));
    scan.skipped()
        .forEach((path, reason) -> findings.add(Finding.problem(WHAT, path + ": " + reason)));
    scan.listeners()
        .forEach((path, reason) -> findings.add(Finding.note(WHAT, path + ": " + reason)));
    for (Place place : places) {
      findings.addAll(new ListenCheck(place.endpoint(), place.settings()).findings());
    }
    return findings;
  }
}
