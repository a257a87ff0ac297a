package io.vaccel.agent;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of which each has an agent, and a guest with a session there. */
abstract class WithGuest {
  @TempDir Path directory;
  RunningAgent running;
  TestClient guest;
  String session;

  @BeforeEach
  void start() throws Exception {
    running = RunningAgent.start(directory);
    guest = running.client();
    session = guest.openSession();
  }

  @AfterEach
  void close() {
    running.close();
  }
}
