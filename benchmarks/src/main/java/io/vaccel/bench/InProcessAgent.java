package io.vaccel.bench;

import io.grpc.inprocess.InProcessChannelBuilder;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.agent.Agent;
import io.vaccel.plugin.vsock.VsockPluginProvider;
import io.vaccel.spi.Plugin;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * The agent inside this process, behind gRPC's in-process transport: everything of a remote call
 * but the bytes of its messages, their sockets and another process.
 *
 * @param runtime performs
 * @param agent answers
 * @param name under which it does
 */
record InProcessAgent(Vaccel runtime, Agent agent, String name) implements AutoCloseable {

  /** Starts one with its state in this directory. */
  static InProcessAgent start(Vaccel runtime, Path state) throws IOException {
    String name = UUID.randomUUID().toString();
    try {
      return new InProcessAgent(
          runtime, Agent.builder(runtime, state).inProcess(name).start(), name);
    } catch (IOException e) {
      runtime.close();
      throw e;
    }
  }

  /** A plugin that asks it. */
  Plugin plugin() {
    return VsockPluginProvider.over(
        InProcessChannelBuilder.forName(name).disableRetry().build(),
        Endpoint.parse("unix:" + name),
        new Settings(Map.of()));
  }

  @Override
  public void close() {
    agent.close();
    runtime.close();
  }
}
