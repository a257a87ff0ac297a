package io.vaccel.bench;

import java.util.Optional;

/** What an operation goes over, and with which other way it is compared. */
enum Way {
  /** A plugin in this process, no gRPC. */
  LOCAL("local"),
  /** gRPC without a socket, to the agent's services in this process. */
  IN_PROCESS("gRPC in-process"),
  /** A blocking Unix socket, no gRPC. */
  RAW_UNIX("raw Unix"),
  /** gRPC over a Unix socket, to the agent. */
  UNIX("gRPC Unix"),
  /** A blocking TCP socket on the loopback interface, no gRPC. */
  RAW_TCP("raw TCP"),
  /** gRPC over TCP on the loopback interface, to the agent. */
  TCP("gRPC TCP");

  private final String title;

  Way(String title) {
    this.title = title;
  }

  /** As the report shows it. */
  String title() {
    return title;
  }

  /** The raw socket that moves the same bytes the same way; nothing for what uses no socket. */
  Optional<Way> raw() {
    return switch (this) {
      case UNIX -> Optional.of(RAW_UNIX);
      case TCP -> Optional.of(RAW_TCP);
      case LOCAL, IN_PROCESS, RAW_UNIX, RAW_TCP -> Optional.empty();
    };
  }

  /** The same operation in this process; nothing for what performs no operation. */
  Optional<Way> local() {
    return switch (this) {
      case IN_PROCESS, UNIX, TCP -> Optional.of(LOCAL);
      case LOCAL, RAW_UNIX, RAW_TCP -> Optional.empty();
    };
  }
}
