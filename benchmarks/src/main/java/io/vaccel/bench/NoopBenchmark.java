package io.vaccel.bench;

import io.vaccel.Noop;
import io.vaccel.Session;
import io.vaccel.transport.Endpoint;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A no-op on each way, at the agent that the driver started. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class NoopBenchmark {
  private static final String UNIX_PROPERTY = "vaccel.bench.unix";
  private static final String TCP_PROPERTY = "vaccel.bench.tcp";

  /** The way, by the name of its constant. */
  @Param({"LOCAL", "UNIX", "TCP"})
  public String way;

  private Sessions sessions;
  private Session session;

  /** The JVM flags that tell a benchmark's process where the agent is. */
  static List<String> endpoints(Endpoint unix, Endpoint tcp) {
    return List.of("-D" + UNIX_PROPERTY + "=" + unix, "-D" + TCP_PROPERTY + "=" + tcp);
  }

  /** The same for benchmarks in this process. */
  static void tell(Endpoint unix, Endpoint tcp) {
    System.setProperty(UNIX_PROPERTY, unix.toString());
    System.setProperty(TCP_PROPERTY, tcp.toString());
  }

  /** Connects. */
  @Setup
  public void connect() {
    sessions =
        Sessions.open(
            Endpoint.parse(System.getProperty(UNIX_PROPERTY)),
            Endpoint.parse(System.getProperty(TCP_PROPERTY)));
    session = sessions.byWay().get(Way.valueOf(way));
  }

  /** Disconnects. */
  @TearDown
  public void disconnect() {
    sessions.close();
  }

  /** One round trip. */
  @Benchmark
  public Noop.Done noop() {
    return session.noop();
  }
}
