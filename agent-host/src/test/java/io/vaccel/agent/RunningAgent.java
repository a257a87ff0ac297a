package io.vaccel.agent;

import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** An agent under test on a Unix socket and on loopback TCP, which are two different peers. */
final class RunningAgent implements AutoCloseable {
  final FakePlugin plugin = new FakePlugin();
  final ManualClock clock = new ManualClock();
  final Agent agent;
  private final Vaccel runtime;
  private final List<TestClient> clients = new ArrayList<>();

  private RunningAgent(Path directory, UnaryOperator<Agent.Builder> settings) throws IOException {
    runtime = Vaccel.builder().plugin(plugin).load();
    agent =
        settings
            .apply(
                Agent.builder(runtime, directory.resolve("state"))
                    .listen(Endpoint.parse("unix:" + directory.resolve("a.sock")))
                    .listen(Endpoint.parse("tcp:127.0.0.1:0"))
                    .nanoClock(clock))
            .start();
  }

  static RunningAgent start(Path directory) throws IOException {
    return start(directory, Quota.defaults());
  }

  static RunningAgent start(Path directory, Quota quota) throws IOException {
    return new RunningAgent(directory, builder -> builder.quota(quota));
  }

  static RunningAgent start(Path directory, UnaryOperator<Agent.Builder> settings)
      throws IOException {
    return new RunningAgent(directory, settings);
  }

  /** A client that the agent sees as this user. */
  TestClient client() {
    return open(0);
  }

  /** A client that the agent sees as another peer. */
  TestClient stranger() {
    return open(1);
  }

  private TestClient open(int endpoint) {
    TestClient client = new TestClient(agent.endpoints().get(endpoint));
    clients.add(client);
    return client;
  }

  @Override
  public void close() {
    clients.forEach(TestClient::close);
    agent.close();
    runtime.close();
  }
}
