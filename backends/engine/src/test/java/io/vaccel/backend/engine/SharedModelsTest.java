package io.vaccel.backend.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaccel.CallOptions;
import io.vaccel.ModelFormat;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.ResourceKind;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SharedModelsTest {
  private static final int THREADS = 8;

  private final CountingEngine engine = new CountingEngine();
  private final SharedModels models = new SharedModels(engine);

  @AfterEach
  void nothingIsLeft() {
    assertThat(models.size()).isZero();
    assertThat(engine.open()).isZero();
  }

  @Test
  void sameContent_isInMemoryOnce() {
    SharedModels.Lease one = models.acquire(model("one.onnx", 3), call());
    SharedModels.Lease two = models.acquire(model("two.onnx", 3), call());
    SharedModels.Lease other = models.acquire(model("one.onnx", 4), call());
    assertThat(two.model()).isSameAs(one.model()).isNotSameAs(other.model());
    assertThat(engine.open()).isEqualTo(2);
    one.close();
    one.close();
    assertThat(engine.open()).isEqualTo(2);
    two.close();
    other.close();
  }

  @Test
  void otherNamesInATree_areAnotherModel() {
    SharedModels.Lease one = models.acquire(tree("saved_model.pb", "variables/a"), call());
    SharedModels.Lease two = models.acquire(tree("saved_model.pb", "variables/a"), call());
    SharedModels.Lease other = models.acquire(tree("saved_model.pb", "variables/b"), call());
    assertThat(two.model()).isSameAs(one.model()).isNotSameAs(other.model());
    List.of(one, two, other).forEach(SharedModels.Lease::close);
  }

  @Test
  void failedLoad_leavesNothing() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> models.acquire(model("bad.onnx", CountingEngine.BAD), call()))
          .isInstanceOfSatisfying(
              VaccelException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.MODEL_UNREADABLE));
      assertThat(models.size()).isZero();
    }
  }

  @Test
  void manyThreads_shareWithoutLosingOrLeaking() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    CyclicBarrier together = new CyclicBarrier(THREADS);
    Callable<Void> work =
        () -> {
          for (int round = 0; round < 50; round++) {
            together.await(30, TimeUnit.SECONDS);
            try (SharedModels.Lease lease = models.acquire(model("m", 1 + round % 2), call())) {
              // Throws when another thread has closed it.
              lease.model().signature();
            }
          }
          return null;
        };
    List<Future<Void>> done = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      done.add(threads.submit(work));
    }
    for (Future<Void> each : done) {
      each.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();
  }

  private static ModelSpec model(String name, int content) {
    ResourceFile file = ResourceFile.ofBytes(name, ByteBuffer.wrap(new byte[] {(byte) content}));
    return new ModelSpec(new Resource(ResourceKind.MODEL, List.of(file)), ModelFormat.ONNX);
  }

  private static ModelSpec tree(String... names) {
    List<ResourceFile> files = new ArrayList<>();
    for (String name : names) {
      files.add(ResourceFile.ofBytes(name, ByteBuffer.wrap(new byte[] {1})));
    }
    return new ModelSpec(
        new Resource(ResourceKind.MODEL, files), ModelFormat.TENSORFLOW_SAVED_MODEL);
  }

  private static Call call() {
    return Call.start(CallOptions.defaults(), Runnable::run);
  }
}
