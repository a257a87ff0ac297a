package io.vaccel.backend.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Reason;
import io.vaccel.ResourceFile;
import io.vaccel.Settings;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.contract.TinyModels;
import io.vaccel.spi.Call;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class OnnxModelsTest {
  private static final int THREADS = 8;

  private final OnnxModels models =
      new OnnxModels(Engine.start(OnnxSettings.of(new Settings(Map.of()))));

  @AfterEach
  void close() {
    models.close();
  }

  @Test
  void sameContent_isInMemoryOnce() {
    OnnxModels.Lease one = models.acquire(file("one.onnx", 3), call());
    OnnxModels.Lease two = models.acquire(file("two.onnx", 3), call());
    OnnxModels.Lease other = models.acquire(file("one.onnx", 4), call());
    assertThat(two.model()).isSameAs(one.model()).isNotSameAs(other.model());
    assertThat(models.size()).isEqualTo(2);
    one.close();
    one.close();
    assertThat(models.size()).isEqualTo(2);
    assertThat(two.model().run(List.of(input(3)), List.of(), call())).hasSize(1);
    two.close();
    other.close();
    assertThat(models.size()).isZero();
  }

  @Test
  void failedLoad_leavesNothing() {
    ResourceFile bad = ResourceFile.ofBytes("bad.onnx", ByteBuffer.wrap(new byte[] {1, 2, 3}));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> models.acquire(bad, call()))
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
            try (OnnxModels.Lease lease = models.acquire(file("m.onnx", 1 + round % 2), call())) {
              List<Tensor> out =
                  lease.model().run(List.of(input(1 + round % 2)), List.of(), call());
              assertThat(out.get(0).floats()).containsExactly(input(1 + round % 2).floats());
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
    assertThat(models.size()).isZero();
  }

  private static ResourceFile file(String name, int width) {
    return ResourceFile.ofBytes(name, TinyModels.identity(ElementType.FLOAT32, width).bytes());
  }

  private static Tensor input(int width) {
    float[] values = new float[width];
    values[0] = width;
    return Tensor.ofFloats("x", Shape.of(width), values);
  }

  private static Call call() {
    return Call.start(CallOptions.defaults(), Runnable::run);
  }
}
