package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.Vaccel;
import io.vaccel.agent.Agent;
import io.vaccel.agent.AgentLoad;
import io.vaccel.agent.Limit;
import io.vaccel.agent.Quota;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;

/** An agent of {@link EveryPlugin} in this process, and the ways to it. */
final class EveryPluginAgent implements AutoCloseable {
  private final String name;
  private final Vaccel host;
  private final Agent agent;

  private EveryPluginAgent(String name, Vaccel host, Agent agent) {
    this.name = name;
    this.host = host;
    this.agent = agent;
  }

  /** Starts it with its socket and its state in this directory. */
  static EveryPluginAgent start(Path directory) throws IOException {
    Vaccel host = EveryPlugin.load();
    String name = directory.toString();
    Agent agent =
        Agent.builder(host, directory.resolve("state"))
            .quota(Quota.defaults().with(Limit.CALLS_PER_PEER, RemoteContract.CALLS_AT_ONCE))
            .exec(EveryPlugin.exec())
            .listen(new Endpoint.Unix(directory.resolve("a.sock").toString()))
            .listen(Endpoint.parse("tcp:127.0.0.1:0"))
            .inProcess(name)
            .start();
    return new EveryPluginAgent(name, host, agent);
  }

  /** The host's own runtime, without the agent. */
  Vaccel host() {
    return host;
  }

  Endpoint unix() {
    return agent.endpoints().get(0);
  }

  /** A new guest over the Unix socket. */
  Vaccel overUnix() {
    return RemoteContract.at(unix());
  }

  /** A new guest over TCP. */
  Vaccel overTcp() {
    return RemoteContract.at(agent.endpoints().get(1));
  }

  /** A new guest through gRPC's own transport within a process. */
  Vaccel inProcess() {
    return RemoteContract.inProcess(name, unix());
  }

  /** Stops it; fails when the guests, which have all gone, have left a session, buffer or call. */
  @Override
  public void close() {
    AgentLoad load = agent.load();
    agent.close();
    host.close();
    assertThat(load.sessions()).as("%s", load).isZero();
    assertThat(load.bufferBytes()).as("%s", load).isZero();
    assertThat(load.calls()).as("%s", load).isZero();
  }
}
