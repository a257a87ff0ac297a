package io.vaccel.interop;

import static io.vaccel.contract.PluginContract.failureOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.FloatMatrix;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Session;
import io.vaccel.Sgemm;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.VaccelException;
import io.vaccel.backend.tflite.TfliteKit;
import io.vaccel.contract.ModelKit;
import io.vaccel.contract.OnnxFile;
import io.vaccel.contract.OnnxKit;
import io.vaccel.contract.TinyModels;
import io.vaccel.transport.Endpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What few bytes make much of, at an agent with a heap of 256 MiB: strings, of which a tensor holds
 * millions, and results that the request only gives the size of. They go through, up to the limits,
 * and the calls of another guest go on meanwhile.
 */
final class AgentHeapIT {
  private static final int MILLION = 1_000_000;

  /** Objects for these would fill the heap twice. */
  private static final int MANY = 8 * MILLION;

  /** More than an engine takes by default. */
  private static final int TOO_MANY = 16 * MILLION;

  private static final Map<String, String> ENVIRONMENT =
      Map.of("VACCEL_JAVA_OPTS", "-Xmx256m", "VACCEL_ONNX_MAX_OUTPUT_BYTES", "128000000");

  @TempDir private Path directory;

  @Test
  void millionsOfStrings_neitherFillTheHeapNorStopOthers() {
    withNeighbour(
        session -> {
          for (ModelKit kit : List.of(new OnnxKit(), new TfliteKit())) {
            try (Model model =
                session.load(
                    kit.identity(ElementType.STRING, -1), CallOptions.within(minutes(2)))) {
              Tensor texts = texts(MILLION);
              assertThat(run(session, model, texts).data()).isEqualTo(texts.data());
              Tensor empties = empties(MANY);
              assertThat(run(session, model, empties).data()).isEqualTo(empties.data());
              VaccelException failure = failureOf(() -> run(session, model, empties(TOO_MANY)));
              assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
              assertThat(failure.details())
                  .containsEntry("field", "inputs[\"x\"]")
                  .containsEntry("limit", "" + (1 << 30))
                  .containsEntry("amount", "" + 68L * TOO_MANY);
            }
          }
        });
  }

  @Test
  void stringsThatAModelRepeats_areCountedBeforeTheyAreCopied() {
    OnnxFile repeating =
        new OnnxFile("repeating")
            .input("x", ElementType.STRING, 1)
            .input("n", ElementType.INT64, 1)
            .node("Expand", List.of("x", "n"), List.of("y"))
            .output("y", ElementType.STRING, -1);
    withNeighbour(
        session -> {
          try (Model model =
              session.load(TinyModels.spec(repeating), CallOptions.within(minutes(2)))) {
            Tensor none = Tensor.ofStrings("x", Shape.of(1), List.of(new byte[0]));
            assertThat(run(session, model, none, times(MANY)).data())
                .isEqualTo(empties(MANY).data());
            byte[] letters = new byte[MILLION];
            Arrays.fill(letters, (byte) 'a');
            Tensor text = Tensor.ofStrings("x", Shape.of(1), List.of(letters));
            assertThat(run(session, model, text, times(20)).sizeBytes())
                .isEqualTo(20 * (MILLION + Integer.BYTES));
            VaccelException failure = failureOf(() -> run(session, model, text, times(500)));
            assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
            assertThat(failure.details())
                .containsEntry("limit", "128000000")
                .containsEntry("amount", "" + 500 * (MILLION + Integer.BYTES));
          }
        });
  }

  @Test
  void resultsThatFewBytesAskFor_areCountedBeforeTheyAreMade() {
    withNeighbour(
        session -> {
          VaccelException failure =
              failureOf(() -> session.call(Operations.BLAS_SGEMM, zeros(8192)));
          assertThat(failure.reason()).isEqualTo(Reason.QUOTA_EXCEEDED);
          assertThat(failure)
              .hasMessageContainingAll(
                  "buffer-bytes-per-session", "" + (96 << 20), "" + (256 << 20));
          List<CompletableFuture<Sgemm.Product>> storm =
              IntStream.range(0, 60)
                  .mapToObj(
                      i ->
                          session
                              .async()
                              .submit(
                                  Operations.BLAS_SGEMM,
                                  zeros(3072),
                                  CallOptions.within(minutes(4))))
                  .toList();
          assertThat(storm)
              .allSatisfy(
                  call ->
                      assertThat(call.handle((done, error) -> reasonOf(error)).join())
                          .isIn(Optional.empty(), Optional.of(Reason.QUOTA_EXCEEDED)));
          assertThat(session.call(Operations.BLAS_SGEMM, zeros(3072)).c().data().remaining())
              .as("once they are over")
              .isEqualTo(36 << 20);
        });
  }

  /** A product of n by n zeros, for which nothing has to be sent. */
  private static Sgemm zeros(long n) {
    FloatMatrix none = FloatMatrix.none(n);
    return new Sgemm(n, n, 0, 1, FloatMatrix.none(1), none, 0, none, 1);
  }

  private static Optional<Reason> reasonOf(Throwable error) {
    Throwable cause = error instanceof CompletionException e ? e.getCause() : error;
    return Optional.ofNullable(cause).map(failure -> ((VaccelException) failure).reason());
  }

  /** What a guest does while another one makes calls, all of which must succeed. */
  private interface Work {
    void in(Session session);
  }

  private void withNeighbour(Work work) {
    Endpoint endpoint = new Endpoint.Unix(directory.resolve("a.sock").toString());
    AtomicBoolean over = new AtomicBoolean();
    try (RunningAgent agent = RunningAgent.start(directory, ENVIRONMENT, endpoint.toString());
        Vaccel guest = RemoteContract.at(endpoint);
        Vaccel neighbour = RemoteContract.at(endpoint);
        Session session = guest.openSession();
        Session other = neighbour.openSession()) {
      CompletableFuture<Integer> calls =
          CompletableFuture.supplyAsync(
              () -> {
                int made = 0;
                for (; !over.get() || made == 0; made++) {
                  other.noop();
                  other.call(Operations.BLAS_SGEMM, zeros(1024));
                }
                return made;
              });
      try {
        work.in(session);
      } finally {
        over.set(true);
      }
      assertThat(calls.join()).isPositive();
      assertThat(agent.stop()).isZero();
    }
  }

  private static Tensor run(Session session, Model model, Tensor... inputs) {
    return session
        .call(
            Operations.MODEL_RUN,
            new ModelRun(model, List.of(inputs), List.of()),
            CallOptions.within(minutes(5)))
        .tensors()
        .get(0);
  }

  /** So many texts, no two of which are the same. */
  private static Tensor texts(int count) {
    ByteBuffer data = ByteBuffer.allocateDirect(20 * count).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      byte[] text = ("text " + i).getBytes(StandardCharsets.US_ASCII);
      data.putInt(text.length).put(text);
    }
    return Tensor.of("x", ElementType.STRING, Shape.of(count), data.flip());
  }

  private static Tensor empties(int count) {
    ByteBuffer none = ByteBuffer.allocateDirect(count * Integer.BYTES);
    return Tensor.of("x", ElementType.STRING, Shape.of(count), none);
  }

  private static Tensor times(long count) {
    ByteBuffer data = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return Tensor.of("n", ElementType.INT64, Shape.of(1), data.putLong(0, count));
  }

  private static Duration minutes(int count) {
    return Duration.ofMinutes(count);
  }
}
