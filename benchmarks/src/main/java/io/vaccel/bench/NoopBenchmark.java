package io.vaccel.bench;

import io.vaccel.Noop;
import io.vaccel.Session;
import java.io.IOException;
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
  /** The way, by the name of its constant. */
  @Param({"LOCAL", "IN_PROCESS", "UNIX", "TCP"})
  public String way;

  private Sessions sessions;
  private Session session;

  /** Connects. */
  @Setup
  public void connect() throws IOException {
    sessions = Sessions.open(Places.told());
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
