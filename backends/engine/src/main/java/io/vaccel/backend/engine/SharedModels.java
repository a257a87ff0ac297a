package io.vaccel.backend.engine;

import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All loaded models, each in memory once however many sessions use it; safe for use by several
 * threads.
 */
final class SharedModels {
  private final Engine engine;
  private final Map<Content, Shared> models = new HashMap<>();

  /**
   * What makes a model.
   *
   * @param format how it is read
   * @param files the digest of a single file, whatever its name; of several, names and digests
   */
  private record Content(ModelFormat format, List<?> files) {}

  /** A model and how many leases there are; the count is guarded by the map's owner. */
  private static final class Shared {
    final CompletableFuture<EngineModel> loading = new CompletableFuture<>();
    int leases;
  }

  /** The right to use a model until it is closed; closing twice does nothing. */
  final class Lease implements AutoCloseable {
    private final Content content;
    private final Shared shared;
    private boolean closed;

    private Lease(Content content, Shared shared) {
      this.content = content;
      this.shared = shared;
    }

    EngineModel model() {
      return shared.loading.join();
    }

    @Override
    public void close() {
      EngineModel unused = null;
      synchronized (SharedModels.this) {
        if (!closed) {
          closed = true;
          unused = release(content, shared);
        }
      }
      if (unused != null) {
        unused.close();
      }
    }
  }

  SharedModels(Engine engine) {
    this.engine = engine;
  }

  /**
   * The model, loaded unless it is. When several ask for it at once, one loads and the others wait,
   * up to their deadlines.
   */
  Lease acquire(ModelSpec spec, Call call) {
    Content content = content(spec);
    Shared shared;
    boolean first;
    synchronized (this) {
      first = !models.containsKey(content);
      shared = models.computeIfAbsent(content, unused -> new Shared());
      shared.leases++;
    }
    Lease lease = new Lease(content, shared);
    try {
      if (first) {
        load(spec, content, shared);
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

  private void load(ModelSpec spec, Content content, Shared shared) {
    try {
      shared.loading.complete(engine.load(spec));
    } catch (RuntimeException | Error e) {
      synchronized (this) {
        // The next one to ask tries again.
        models.remove(content, shared);
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

  private Content content(ModelSpec spec) {
    List<ResourceFile> files = engine.content(spec);
    return new Content(
        spec.format(),
        files.size() == 1
            ? List.of(files.get(0).digest())
            : files.stream().map(file -> file.name() + " " + file.digest()).toList());
  }

  /** Takes one lease back; returns the model when that was the last. */
  private EngineModel release(Content content, Shared shared) {
    shared.leases--;
    if (shared.leases > 0) {
      return null;
    }
    models.remove(content, shared);
    boolean loaded = shared.loading.isDone() && !shared.loading.isCompletedExceptionally();
    return loaded ? shared.loading.join() : null;
  }
}
