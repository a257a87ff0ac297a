package io.vaccel.bench;

import io.vaccel.transport.Endpoint;
import java.nio.file.Path;
import java.util.List;

/**
 * Where operations can be performed, beside here.
 *
 * @param unix the agent
 * @param tcp the same agent
 * @param state a directory for the state of an agent in this process
 */
record Places(Endpoint unix, Endpoint tcp, Path state) {
  private static final String UNIX = "vaccel.bench.unix";
  private static final String TCP = "vaccel.bench.tcp";
  private static final String STATE = "vaccel.bench.state";

  /** The flags that tell another JVM of them. */
  List<String> jvmFlags() {
    return List.of("-D" + UNIX + "=" + unix, "-D" + TCP + "=" + tcp, "-D" + STATE + "=" + state);
  }

  /** The same for this JVM. */
  void tell() {
    System.setProperty(UNIX, unix.toString());
    System.setProperty(TCP, tcp.toString());
    System.setProperty(STATE, state.toString());
  }

  /** What this JVM was told. */
  static Places told() {
    return new Places(
        Endpoint.parse(System.getProperty(UNIX)),
        Endpoint.parse(System.getProperty(TCP)),
        Path.of(System.getProperty(STATE)));
  }
}
