package io.vaccel.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.program.doctor.Finding;
import io.vaccel.program.doctor.Finding.State;
import io.vaccel.transport.Availability;
import io.vaccel.transport.Endpoint;
import org.junit.jupiter.api.Test;

class WatchdogCheckTest {
  private static final Availability LOADED = new Availability.Available("vsock_loopback");
  private static final Availability MISSING = new Availability.Unavailable("no AF_VSOCK loopback");

  private static Finding check(String listener, Availability loopback) {
    return new WatchdogCheck((Endpoint.Vsock) Endpoint.parse(listener), loopback).findings().get(0);
  }

  @Test
  void hostWithoutLoopback_isToLoadIt() {
    Finding finding = check("vsock:any:2048", MISSING);
    assertThat(finding.state()).isEqualTo(State.NOTE);
    assertThat(finding.found())
        .startsWith("vsock:any:2048 is not probed, because the module vsock_loopback is not");
    assertThat(finding.advice()).contains("sudo modprobe vsock_loopback");
  }

  @Test
  void hostWithLoopback_probes() {
    assertThat(check("vsock:any:2048", LOADED).state()).isEqualTo(State.OK);
    assertThat(check("vsock:1:2048", LOADED).state()).isEqualTo(State.OK);
  }

  @Test
  void listenerOnOneCid_isNotProbedWhateverIsLoaded() {
    Finding finding = check("vsock:7:2048", LOADED);
    assertThat(finding.state()).isEqualTo(State.NOTE);
    assertThat(finding.advice().get(0)).endsWith("--listen vsock:any:2048");
  }
}
