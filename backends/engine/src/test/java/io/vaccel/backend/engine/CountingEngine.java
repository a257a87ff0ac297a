package io.vaccel.backend.engine;

import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.Signature;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Loads everything but what begins with {@link #BAD}, runs nothing, and counts what is loaded. */
final class CountingEngine implements Engine {
  static final int BAD = 66;

  private final AtomicInteger open = new AtomicInteger();

  int open() {
    return open.get();
  }

  @Override
  public EngineSettings settings() {
    return new EngineSettings(1, new OutputLimit(1 << 20), 1 << 20);
  }

  @Override
  public Set<ModelFormat> formats() {
    return EnumSet.allOf(ModelFormat.class);
  }

  @Override
  public String device() {
    return "CPU";
  }

  @Override
  public Map<String, String> details() {
    return Map.of();
  }

  @Override
  public List<ResourceFile> content(ModelSpec spec) {
    return spec.resource().files();
  }

  @Override
  public EngineModel load(ModelSpec spec) {
    if (spec.resource().main().readAll(Long.MAX_VALUE)[0] == BAD) {
      throw new VaccelException(Reason.MODEL_UNREADABLE, "bad");
    }
    open.incrementAndGet();
    return new Loaded();
  }

  @Override
  public void close() {}

  private final class Loaded implements EngineModel {
    private final AtomicBoolean closed = new AtomicBoolean();

    @Override
    public Signature signature() {
      if (closed.get()) {
        throw new IllegalStateException("closed");
      }
      return new Signature(List.of(), List.of());
    }

    @Override
    public List<Tensor> run(List<Tensor> inputs, List<Integer> outputs, Call call) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
      if (closed.getAndSet(true)) {
        throw new IllegalStateException("closed twice");
      }
      open.decrementAndGet();
    }
  }
}
