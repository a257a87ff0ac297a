package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.vaccel.Classification;
import io.vaccel.ExecutedOn;
import io.vaccel.Image;
import io.vaccel.Model;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Settings;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.transport.Endpoint;
import io.vaccel.wire.WireErrors;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guest's own processor stands in for its agent, an {@code vaccel-agent} process. */
final class FallbackIT {
  private static final String WITH_CPU = "vsock:image:onnx:reference";
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;
  private Image coffee;

  @BeforeEach
  void read() {
    coffee = Image.read(Programs.PHOTOS.resolve("coffee.jpg"));
  }

  private String endpoint() {
    return "unix:" + directory.resolve("a.sock");
  }

  private Endpoint place() {
    return Endpoint.parse(endpoint());
  }

  private Vaccel guest(String plugins) {
    return Vaccel.builder()
        .set(Settings.PLUGINS, plugins)
        .set(Settings.RPC_ADDRESS, endpoint())
        // An agent's first answer loads its engines.
        .set("VACCEL_RPC_CONNECT_TIMEOUT_MILLIS", "300000")
        .load();
  }

  /** Repeats a call until it is done where it should be. */
  private static void await(String what, Supplier<ExecutedOn> call, boolean here) {
    await(what, () -> call.get().isLocal() == here);
  }

  private static void await(String what, BooleanSupplier reached) {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  @Test
  void absentAgent_isStoodInFor_andUsedAsSoonAsItComes_andGoes_andComesAgain() {
    try (Vaccel vaccel = guest(WITH_CPU);
        Session session = vaccel.openSession();
        Model model = session.load(Programs.MODEL)) {
      Supplier<ExecutedOn> classify =
          () -> {
            var result = session.classify(model, coffee);
            assertThat(result.best().name()).isEqualTo("espresso");
            return result.executedOn();
          };
      ExecutedOn alone = classify.get();
      assertThat(alone).hasToString("here, plugin onnx, CPU");
      try (RunningAgent agent = RunningAgent.start(directory, endpoint())) {
        await("calls go to the agent that has come", classify, false);
        assertThat(classify.get().path()).containsExactly(endpoint());
        agent.kill();
        assertThat(classify.get().isLocal()).isTrue();
      }
      try (RunningAgent again = RunningAgent.start(directory, endpoint())) {
        await("calls go to the agent that is back", classify, false);
        // One that is stopped as it should be is stood in for like one that crashed.
        again.stop();
        assertThat(classify.get().isLocal()).isTrue();
      }
    }
  }

  @Test
  void agentThatIsFull_isStoodInFor_untilThereIsRoom() {
    try (RunningAgent agent =
            RunningAgent.start(directory, endpoint(), "--limit=sessions-per-peer=1");
        Vaccel first = guest(WITH_CPU);
        Vaccel second = guest(WITH_CPU);
        Session waiting = second.openSession()) {
      try (Session holder = first.openSession()) {
        assertThat(holder.noop().executedOn().isLocal()).isFalse();
        assertThat(waiting.noop().executedOn()).hasToString("here, plugin reference, CPU");
      }
      await("the second guest finds room", () -> waiting.noop().executedOn(), false);
      assertThat(agent.stop()).isZero();
    }
  }

  /** What an agent calls that does not serve this guest is the first or the second call. */
  @ParameterizedTest
  @ValueSource(strings = {"GetAgentInfo", "OpenSession"})
  void agentThatRefusesThisGuest_isStoodInFor_untilOneTakesIt(String method) throws IOException {
    try (Vaccel vaccel = guest(WITH_CPU);
        Session session = vaccel.openSession()) {
      StatusRuntimeException refusal =
          WireErrors.toStatus(new VaccelException(Reason.NOT_ALLOWED, "not one of my guests"));
      try (FakeAgent agent = FakeAgent.answering(place(), method, refusal);
          Model model = session.load(Programs.MODEL)) {
        Classification photo = session.classify(model, coffee);
        assertThat(photo.best().name()).isEqualTo("espresso");
        assertThat(photo.executedOn()).hasToString("here, plugin onnx, CPU");
        assertThat(session.noop().executedOn()).hasToString("here, plugin reference, CPU");
        assertThat(agent.calls(method)).isPositive();
        try (Vaccel remoteOnly = guest("vsock");
            Session alone = remoteOnly.openSession()) {
          assertThat(catchThrowableOfType(VaccelException.class, alone::noop))
              .hasMessageContainingAll(
                  "not one of my guests", "add vaccel-backend-reference to the class path");
        }
      }
      try (RunningAgent agent = RunningAgent.start(directory, endpoint())) {
        await("an agent that takes it is used", () -> session.noop().executedOn(), false);
        assertThat(agent.stop()).isZero();
      }
    }
  }

  @Test
  void agentThatOffersNoSuchOperation_isStoodInFor() {
    try (RunningAgent agent = RunningAgent.start(directory, endpoint(), "--plugins=image:onnx");
        Vaccel vaccel = guest(WITH_CPU);
        Session session = vaccel.openSession();
        Model model = session.load(Programs.MODEL)) {
      assertThat(session.classify(model, coffee).executedOn().isLocal()).isFalse();
      assertThat(session.noop().executedOn().isLocal()).isTrue();
      assertThat(agent.stop()).isZero();
    }
  }

  @Test
  void agentThatHangs_isStoodIn_withinTheTimeLimit_andSaysSoInInfo() throws IOException {
    try (RunningAgent agent = RunningAgent.start(directory, endpoint());
        Vaccel vaccel =
            Vaccel.builder()
                .set(Settings.PLUGINS, WITH_CPU)
                .set(Settings.RPC_ADDRESS, endpoint())
                .set("VACCEL_RPC_TIME_LIMIT_MILLIS", "2000")
                .load();
        Session session = vaccel.openSession()) {
      await("the agent is used", () -> session.noop().executedOn(), false);
      agent.pause();
      assertThat(session.noop().executedOn().isLocal()).isTrue();
      assertThat(vaccel.plugins().get(0).capabilities().details())
          .containsEntry("time limit", "2000 ms")
          .containsKey("retries")
          .containsEntry("breaker", "open");
      agent.resume();
      await("the agent that goes on is used again", () -> session.noop().executedOn(), false);
    }
  }

  @Test
  void whileNobodyAnswers_thereIsOneProbeASecondAtMost() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("a.sock"));
    try (ServerSocketChannel deaf = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      deaf.bind(address);
      Thread hangingUp =
          new Thread(
              () -> {
                try {
                  while (true) {
                    deaf.accept().close();
                    connections.incrementAndGet();
                  }
                } catch (IOException e) {
                  // The test is over.
                }
              });
      hangingUp.setDaemon(true);
      hangingUp.start();
      try (Vaccel vaccel = guest(WITH_CPU);
          Session session = vaccel.openSession()) {
        assertThat(session.noop().executedOn().isLocal()).isTrue();
        int before = connections.get();
        long start = System.nanoTime();
        await(
            "six connections",
            () -> {
              assertThat(session.noop().executedOn().isLocal()).isTrue();
              return connections.get() >= before + 6;
            });
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        // gRPC may connect twice in one probe when the first connection is hung up on, and the last
        // connection before may have been counted late: six are three probes at the least.
        assertThat(took).as("time for six connections").isGreaterThan(Duration.ofMillis(1900));
      }
    }
    Files.deleteIfExists(address.getPath());
  }

  @Test
  void unavailableAgent_isAskedOnceASecondAtMost_whateverTheLoad_andUsedWhenItWorks()
      throws Exception {
    StatusRuntimeException unavailable = Status.UNAVAILABLE.asRuntimeException();
    long start = System.nanoTime();
    try (FakeAgent away = FakeAgent.answering(place(), "GetAgentInfo", unavailable);
        Vaccel vaccel = guest(WITH_CPU);
        Load<String> load = new Load<>(4, () -> new Caller(vaccel.openSession()))) {
      await("five probes", () -> away.calls() >= 5);
      load.awaitResults();
      int probes = away.calls();
      long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();
      assertThat(probes).as("probes in %s s", seconds).isLessThanOrEqualTo((int) seconds + 1);
      assertThat(load.errors()).as("places elsewhere").isEmpty();

      away.stop();
      try (RunningAgent working = RunningAgent.start(directory, endpoint())) {
        load.await(load.nextError(endpoint()));
        assertThat(working.stop()).isZero();
      }
    }
  }

  /** Calls without a pause; what is not done here is an error, with the place. */
  private record Caller(Session session) implements Load.Client<String> {
    @Override
    public Optional<String> call() {
      return session.noop().executedOn().path().stream().findFirst();
    }

    @Override
    public void close() {
      session.close();
    }
  }

  @Test
  void withoutACpuPlugin_theErrorSaysWhatToAdd() {
    try (Vaccel vaccel = guest("vsock");
        Session session = vaccel.openSession()) {
      VaccelException failure =
          catchThrowableOfType(VaccelException.class, () -> session.load(Programs.MODEL));
      assertThat(failure.reason()).isEqualTo(Reason.AGENT_UNREACHABLE);
      assertThat(failure)
          .hasMessageContaining("vaccel-agent --listen " + endpoint())
          .hasMessageContaining("to do it here, add vaccel-backend-onnx to the class path");
    }
  }
}
