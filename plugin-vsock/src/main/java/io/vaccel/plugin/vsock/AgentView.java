package io.vaccel.plugin.vsock;

import io.vaccel.CallOptions;
import io.vaccel.ErrorCode;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Call;
import io.vaccel.spi.Capabilities;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.GetAgentInfoRequest;
import io.vaccel.v1.GetAgentInfoResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of the agent: asked for when it is first needed, kept, and renewed in the
 * background when it is old or the connection is another one; safe for use by several threads.
 *
 * <p>It also finds out whether an agent that stopped answering is back: asking for the description
 * is the one call that may be made just to see.
 */
final class AgentView {
  private static final Logger LOG = LoggerFactory.getLogger(AgentView.class);

  /** After this long an agent is asked again; its plugins change rarely. */
  private static final Duration MAX_AGE = Duration.ofSeconds(30);

  /** The same for an agent that answered with an error. */
  private static final Duration MAX_AGE_OF_REFUSAL = Duration.ofSeconds(1);

  private final Connection connection;
  private final Rpc rpc;
  private final Breaker breaker;
  private final ClientSettings settings;
  private final Clock clock;
  private final AtomicReference<CompletableFuture<Void>> asking = new AtomicReference<>();
  private volatile Optional<Snapshot> snapshot = Optional.empty();

  /** What was learned on which connection, and until when it is taken as it is. */
  private record Snapshot(AgentFacts facts, Instant oldAt, long connects) {}

  AgentView(Connection connection, Rpc rpc, Breaker breaker, ClientSettings settings, Clock clock) {
    this.settings = settings;
    this.connection = connection;
    this.rpc = rpc;
    this.breaker = breaker;
    this.clock = clock;
  }

  /** What can be done through the agent now; blocks only when nothing is known yet. */
  Capabilities capabilities() {
    if (!breaker.isClosed()) {
      ask().ifPresent(probe -> await(probe, settings.probeWait()));
      if (!breaker.isClosed()) {
        return unreachable(breaker.reason());
      }
    }
    Optional<Snapshot> known = snapshot;
    if (known.isEmpty()) {
      return first();
    }
    if (isOld(known.get())) {
      var unused = ask();
    }
    return known.get().facts().capabilities();
  }

  /**
   * The agent opens no session for this guest, so that none of its plugins can be used; it is left
   * alone for a while. Returns how a call fails that no other plugin can do.
   */
  VaccelException servesNobody(VaccelException refusal) {
    remember(AgentFacts.unknown(Capabilities.none(refusal.text())), MAX_AGE_OF_REFUSAL);
    return new VaccelException(Reason.NO_PLUGIN, refusal.text(), refusal);
  }

  /** The last that is known of the agent. */
  AgentFacts facts() {
    return snapshot
        .map(Snapshot::facts)
        .orElseGet(() -> AgentFacts.unknown(Capabilities.none("the agent has not answered yet")));
  }

  private boolean isOld(Snapshot known) {
    return known.connects() != connection.connects() || !clock.instant().isBefore(known.oldAt());
  }

  private Capabilities first() {
    ask()
        .or(() -> Optional.ofNullable(asking.get()))
        .ifPresent(answer -> await(answer, connection.connectTimeout().plus(settings.probeWait())));
    return snapshot
        .map(known -> known.facts().capabilities())
        .orElseGet(() -> unreachable(breaker.cause().orElseGet(() -> connection.silent().text())));
  }

  private Capabilities unreachable(String reason) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("endpoint", connection.endpoint().toString());
    details.put("breaker", "open");
    details.putAll(settings.describe());
    return new Capabilities(
        new Availability.Unusable(reason, breaker.kind()), Set.of(), Set.of(), "", details);
  }

  /** Asks the agent unless somebody does already, or the breaker says no; completes in any case. */
  private Optional<CompletableFuture<Void>> ask() {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    if (!asking.compareAndSet(null, answered)) {
      return Optional.empty();
    }
    if (!breaker.tryEnter()) {
      asking.set(null);
      return Optional.empty();
    }
    connection.connectNow();
    Call call = Call.start(CallOptions.within(connection.connectTimeout()), Runnable::run);
    var unused =
        rpc.sendAlone(
                AgentServiceGrpc.getGetAgentInfoMethod(),
                GetAgentInfoRequest.getDefaultInstance(),
                call)
            .whenComplete(
                (info, failure) -> {
                  if (failure == null) {
                    learn(info);
                  } else {
                    learn(failure);
                  }
                  asking.set(null);
                  answered.complete(null);
                });
    return Optional.of(answered);
  }

  private void learn(GetAgentInfoResponse info) {
    remember(AgentFacts.of(info, connection.endpoint()).with(settings.describe()), MAX_AGE);
    breaker.succeeded();
  }

  private void learn(Throwable failure) {
    if (!(failure instanceof VaccelException error)) {
      LOG.error("asking the agent at {} failed unexpectedly", connection.endpoint(), failure);
      breaker.left();
      return;
    }
    if (error.code() == ErrorCode.DEADLINE_EXCEEDED) {
      // An agent at work may be slow to answer; one that never answered counts as none.
      if (snapshot.isPresent() && breaker.isClosed()) {
        breaker.left();
      } else {
        breaker.failed(connection.silent());
      }
      return;
    }
    if (error.code() != ErrorCode.UNAVAILABLE) {
      remember(AgentFacts.unknown(Capabilities.none(error.text())), MAX_AGE_OF_REFUSAL);
    }
    breaker.failed(error);
  }

  private void remember(AgentFacts facts, Duration age) {
    snapshot = Optional.of(new Snapshot(facts, clock.instant().plus(age), connection.connects()));
  }

  private static void await(CompletableFuture<Void> answered, Duration atMost) {
    try {
      answered.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.debug("the agent has not answered yet", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("the answer never fails", e);
    }
  }
}
