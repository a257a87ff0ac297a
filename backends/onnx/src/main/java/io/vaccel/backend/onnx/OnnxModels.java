package io.vaccel.backend.onnx;

import io.vaccel.Digest;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All loaded models, each in memory once however many sessions use it; safe for use by several
 * threads.
 */
final class OnnxModels implements AutoCloseable {
  private final Engine engine;
  private final Map<Digest, Shared> models = new HashMap<>();

  /** A model and how many leases there are; the count is guarded by the map's owner. */
  private static final class Shared {
    final CompletableFuture<OnnxModel> loading = new CompletableFuture<>();
    int leases;
  }

  /** The right to use a model until it is closed; closing twice does nothing. */
  final class Lease implements AutoCloseable {
    private final Digest digest;
    private final Shared shared;
    private boolean closed;

    private Lease(Digest digest, Shared shared) {
      this.digest = digest;
      this.shared = shared;
    }

    OnnxModel model() {
      return shared.loading.join();
    }

    @Override
    public void close() {
      OnnxModel unused = null;
      synchronized (OnnxModels.this) {
        if (!closed) {
          closed = true;
          unused = release(digest, shared);
        }
      }
      if (unused != null) {
        unused.close();
      }
    }
  }

  OnnxModels(Engine engine) {
    this.engine = engine;
  }

  /**
   * The model in a file, loaded unless it is. When several ask for it at once, one loads and the
   * others wait, up to their deadlines.
   */
  Lease acquire(ResourceFile file, Call call) {
    Shared shared;
    boolean first;
    synchronized (this) {
      first = !models.containsKey(file.digest());
      shared = models.computeIfAbsent(file.digest(), digest -> new Shared());
      shared.leases++;
    }
    Lease lease = new Lease(file.digest(), shared);
    try {
      if (first) {
        load(file, shared);
      }
      await(shared, call);
      return lease;
    } catch (RuntimeException | Error e) {
      lease.close();
      throw e;
    }
  }

  /** How many models are in memory or being loaded. */
  synchronized int size() {
    return models.size();
  }

  @Override
  public void close() {
    engine.close();
  }

  private void load(ResourceFile file, Shared shared) {
    try {
      shared.loading.complete(engine.load(file));
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        // The next one to ask tries again.
        models.remove(file.digest(), shared);
      }
      shared.loading.completeExceptionally(e);
    }
  }

  private static void await(Shared shared, Call call) {
    try {
      shared.loading.get(Math.max(1, call.remaining().toNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      call.check();
      throw new VaccelException(Reason.DEADLINE_EXCEEDED, "the model was not loaded in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VaccelException(Reason.CANCELLED, "the calling thread was interrupted", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof VaccelException known) {
        throw known;
      }
      throw new VaccelException(Reason.INTERNAL, "loading the model failed", e.getCause());
    }
  }

  /** Takes one lease back; returns the model when that was the last. */
  private OnnxModel release(Digest digest, Shared shared) {
    shared.leases--;
    if (shared.leases > 0) {
      return null;
    }
    models.remove(digest, shared);
    boolean loaded = shared.loading.isDone() && !shared.loading.isCompletedExceptionally();
    return loaded ? shared.loading.join() : null;
  }
}
