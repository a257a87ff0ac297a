package io.vaccel.transport;

import java.io.IOException;

/** The server's side of a transport under test: in this process, or on another machine. */
interface ServersUnderTest extends AutoCloseable {

  /** Starts a server with the test service; the next ones listen in the same place. */
  Started start(ServerLimits limits) throws IOException;

  /** Ends the servers' connections as the death of their process would: without a word. */
  void crash();

  /** How many files and sockets the servers' process has open; 0 if the client's process is it. */
  int descriptors();

  /** Stops what was started. */
  @Override
  void close();

  /** One server that was started. */
  interface Started {

    /** Ends the server and its connections; done when the place is free again. */
    void stop();

    /** Waits until a call of {@code Never} has come; false if none does. */
    boolean neverWasReached();

    /** Waits until the server has learnt that a call of {@code Never} was cancelled. */
    boolean neverWasCancelled();
  }
}
