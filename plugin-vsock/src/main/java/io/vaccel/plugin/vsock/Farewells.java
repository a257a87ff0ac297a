package io.vaccel.plugin.vsock;

import io.grpc.MethodDescriptor;
import io.vaccel.CallOptions;
import io.vaccel.spi.Call;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the agent what is not needed any more: without waiting, and without telling anybody when it
 * fails, since all of it ends with the session's lease in any case. Safe for use by several
 * threads.
 */
final class Farewells {
  private static final Logger LOG = LoggerFactory.getLogger(Farewells.class);

  private final Connection connection;
  private final Rpc rpc;
  private final Duration longest;
  private final AtomicLong next = new AtomicLong();
  private final Map<Long, CompletableFuture<Void>> underWay = new ConcurrentHashMap<>();

  /** Gives the agent so long to hear each of them. */
  Farewells(Connection connection, Rpc rpc, Duration longest) {
    this.connection = connection;
    this.rpc = rpc;
    this.longest = longest;
  }

  /** Sends it if there is a connection; none is made for it. */
  <Q, R> void say(MethodDescriptor<Q, R> method, Q request) {
    if (!connection.isReady()) {
      return;
    }
    Call call = Call.start(CallOptions.within(longest), Runnable::run);
    CompletableFuture<Void> said = new CompletableFuture<>();
    long number = next.incrementAndGet();
    underWay.put(number, said);
    var unused =
        rpc.sendAlone(method, request, call)
            .whenComplete(
                (response, failure) -> {
                  if (failure != null) {
                    LOG.debug("{} failed", method.getFullMethodName(), failure);
                  }
                  underWay.remove(number);
                  said.complete(null);
                });
  }

  /** Waits until all that was said has been heard, or would not be any more. */
  void await() {
    try {
      CompletableFuture.allOf(underWay.values().toArray(CompletableFuture<?>[]::new))
          .get(longest.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.debug("the agent does not listen", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("they never fail", e);
    }
  }
}
