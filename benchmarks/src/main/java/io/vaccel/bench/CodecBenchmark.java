package io.vaccel.bench;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.vaccel.Echo;
import io.vaccel.ElementType;
import io.vaccel.ExecutedOn;
import io.vaccel.Model;
import io.vaccel.Noop;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.Shape;
import io.vaccel.Tensor;
import io.vaccel.VaccelException;
import io.vaccel.v1.EchoRequest;
import io.vaccel.v1.NoopResponse;
import io.vaccel.v1.Payload;
import io.vaccel.wire.Inbound;
import io.vaccel.wire.Outbound;
import io.vaccel.wire.Payloads;
import io.vaccel.wire.WireOperation;
import io.vaccel.wire.WireOperations;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The codec without gRPC: a record to a message to bytes, and back.
 *
 * <p>The tensor has the size of an image model's input, 3 x 224 x 224 floats: inline, in one
 * message.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBenchmark {
  private static final Shape SHAPE = Shape.of(1, 3, 224, 224);
  private static final int TENSOR_BYTES =
      Math.toIntExact(ElementType.FLOAT32.bytes(SHAPE.elements()));

  private final WireOperation<Noop, Noop.Done, ?, NoopResponse> noop = noopOnTheWire();
  private final WireOperation<Echo, Echo.Reply, EchoRequest, ?> echo = echoOnTheWire();
  private final Wire wire = new Wire();

  private Noop.Done done;
  private ByteString doneBytes;
  private Echo tensor;
  private ByteString tensorBytes;

  /** Makes the values. */
  @Setup
  public void fill() {
    done = new Noop.Done(ExecutedOn.here("reference", "CPU"));
    doneBytes = encodeNoop();
    tensor =
        new Echo(
            java.util.List.of(
                Tensor.of(
                    "input", ElementType.FLOAT32, SHAPE, ByteBuffer.allocateDirect(TENSOR_BYTES))));
    tensorBytes = encodeTensor();
  }

  /** An answer without payload. */
  @Benchmark
  public ByteString encodeNoop() {
    return noop.encodeResult(done, wire).toByteString();
  }

  /** The same, received. */
  @Benchmark
  public Noop.Done decodeNoop() throws InvalidProtocolBufferException {
    return noop.decodeResult(NoopResponse.parseFrom(doneBytes), wire);
  }

  /** A request with a tensor. */
  @Benchmark
  public ByteString encodeTensor() {
    return echo.encodeInput(tensor, wire).toByteString();
  }

  /** The same, received. */
  @Benchmark
  public Echo decodeTensor() throws InvalidProtocolBufferException {
    return echo.decodeInput(EchoRequest.parseFrom(tensorBytes), wire);
  }

  // The table of operations has no types of messages; these two methods say what is in it.
  @SuppressWarnings("unchecked")
  private static WireOperation<Noop, Noop.Done, ?, NoopResponse> noopOnTheWire() {
    return (WireOperation<Noop, Noop.Done, ?, NoopResponse>) WireOperations.of(Operations.NOOP);
  }

  @SuppressWarnings("unchecked")
  private static WireOperation<Echo, Echo.Reply, EchoRequest, ?> echoOnTheWire() {
    return (WireOperation<Echo, Echo.Reply, EchoRequest, ?>) WireOperations.of(Operations.ECHO);
  }

  /** Both sides of the wire, without models and buffers. */
  private static final class Wire implements Outbound, Inbound {
    @Override
    public String sessionId() {
      return "0123456789abcdefghijkl";
    }

    @Override
    public String modelId(Model model) {
      throw new VaccelException(Reason.MODEL_NOT_FOUND, "there are no models here");
    }

    @Override
    public Payload payload(ByteBuffer data) {
      return Payloads.inline(data);
    }

    @Override
    public Model model(String modelId) {
      throw new VaccelException(Reason.MODEL_NOT_FOUND, "there are no models here");
    }

    @Override
    public ByteBuffer payload(Payload payload) {
      return Payloads.inline(payload);
    }
  }
}
