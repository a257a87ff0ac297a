package io.vaccel.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaccel.CallOptions;
import io.vaccel.ElementType;
import io.vaccel.Model;
import io.vaccel.ModelRun;
import io.vaccel.ModelSpec;
import io.vaccel.Operations;
import io.vaccel.Session;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.Vaccel;
import io.vaccel.transport.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guests that load the same model share it in the agent's memory. */
final class SharedModelIT {
  private static final long ROWS = 32 * 1024;
  private static final long TABLE_BYTES = ROWS * LookupModel.ROW * Float.BYTES;

  @TempDir private Path directory;

  @Test
  void modelOfTwoGuests_isInMemoryOnce() throws IOException {
    ModelSpec spec = ModelSpec.at(LookupModel.write(directory.resolve("lookup.onnx"), ROWS));
    Endpoint endpoint = new Endpoint.Unix(directory.resolve("a.sock").toString());
    try (RunningAgent agent = RunningAgent.start(directory, endpoint.toString());
        Vaccel one = RemoteContract.at(endpoint);
        Vaccel another = RemoteContract.at(endpoint);
        Session first = one.openSession();
        Session second = another.openSession()) {
      long before = AgentMemory.of(agent).residentBytes();
      try (Model model = first.load(spec, CallOptions.within(Duration.ofMinutes(2)))) {
        assertThat(lastOfTheTable(first, model)).isEqualTo(LookupModel.LAST);
        long once = AgentMemory.of(agent).residentBytes();
        assertThat(once - before).as("the table, in memory").isGreaterThan(TABLE_BYTES);

        try (Model same = second.load(spec, CallOptions.within(Duration.ofMinutes(2)))) {
          assertThat(lastOfTheTable(second, same)).isEqualTo(LookupModel.LAST);
          assertThat(AgentMemory.of(agent).residentBytes() - once)
              .as("what the second guest adds")
              .isLessThan(TABLE_BYTES / 2);
        }
      }
      assertThat(agent.stop()).isZero();
    }
  }

  private static float lastOfTheTable(Session session, Model model) {
    ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    Tensor index = Tensor.of("index", ElementType.INT64, Shape.of(1), number.putLong(0, ROWS - 1));
    Tensor row =
        session
            .call(Operations.MODEL_RUN, new ModelRun(model, List.of(index), List.of()))
            .tensors()
            .get(0);
    return row.data()
        .order(ByteOrder.LITTLE_ENDIAN)
        .getFloat((int) (LookupModel.ROW - 1) * Float.BYTES);
  }
}
