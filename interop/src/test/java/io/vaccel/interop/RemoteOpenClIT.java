package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.agent.Agent;
import io.vaccel.contract.OpenClContract;
import io.vaccel.plugin.vsock.VsockPluginProvider;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Kernels at an agent that allows them are as faithful as kernels here. */
final class RemoteOpenClIT implements OpenClContract {
  @TempDir static Path directory;

  private static Vaccel host;
  private static Agent agent;

  @BeforeAll
  static void startAgent() throws IOException {
    host =
        Vaccel.builder()
            .set(Settings.PLUGINS, "opencl:reference")
            .set("VACCEL_OPENCL_ALLOW", "1")
            .load();
    assumeTrue(
        host.plugins().get(0).capabilities().availability().isUsable(),
        "no OpenCL driver is installed: apt-get install pocl-opencl-icd");
    agent =
        Agent.builder(host, directory.resolve("state"))
            .listen(new Endpoint.Unix(directory.resolve("a.sock").toString()))
            .start();
  }

  @AfterAll
  static void agentIsAsBefore_andStops() {
    if (agent != null) {
      assertThat(agent.load().sessions()).isZero();
      assertThat(agent.load().bufferBytes()).isZero();
      agent.close();
    }
    host.close();
  }

  @Override
  public Vaccel open() {
    return Vaccel.builder()
        .set(Settings.PLUGINS, VsockPluginProvider.NAME)
        .set(Settings.RPC_ADDRESS, agent.endpoints().get(0).toString())
        .load();
  }
}
