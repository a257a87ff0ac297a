package io.vaccel.plugin.vsock;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.grpc.stub.StreamObserver;
import io.vaccel.plugin.vsock.FakeSessions.FakeSession;
import io.vaccel.v1.EchoRequest;
import io.vaccel.v1.EchoResponse;
import io.vaccel.v1.ExecutedOn;
import io.vaccel.v1.GenericServiceGrpc;
import io.vaccel.v1.NoopRequest;
import io.vaccel.v1.NoopResponse;
import io.vaccel.v1.Payload;
import io.vaccel.v1.Stage;
import io.vaccel.v1.Tensor;
import java.util.function.IntSupplier;

/** A fake agent's no-op and echo. */
final class FakeGenericService extends GenericServiceGrpc.GenericServiceImplBase {
  /** A tensor of this name comes back with its first element only. */
  static final String CUT = "cut";

  private final FakeSessions sessions;
  private final IntSupplier inlineBytes;

  FakeGenericService(FakeSessions sessions, IntSupplier inlineBytes) {
    this.sessions = sessions;
    this.inlineBytes = inlineBytes;
  }

  static ExecutedOn executedOn(String stage) {
    return ExecutedOn.newBuilder()
        .setPlugin("fake")
        .setDevice("FPU")
        .addStages(
            Stage.newBuilder().setName(stage).setElapsed(Duration.newBuilder().setNanos(1000)))
        .build();
  }

  /** Bytes that fit their shape, which is not that of what was sent. */
  private static Tensor cut(Tensor sent) {
    ByteString first = sent.getData().getInline().substring(0, 1);
    return sent.toBuilder()
        .clearShape()
        .addShape(1)
        .setData(Payload.newBuilder().setInline(first))
        .build();
  }

  @Override
  public void noop(NoopRequest request, StreamObserver<NoopResponse> observer) {
    Answers.with(
        observer,
        () -> {
          sessions.get(request.getSessionId());
          return NoopResponse.newBuilder().setExecutedOn(executedOn("nothing")).build();
        });
  }

  @Override
  public void echo(EchoRequest request, StreamObserver<EchoResponse> observer) {
    Answers.with(
        observer,
        () -> {
          FakeSession session = sessions.get(request.getSessionId());
          EchoResponse.Builder response = EchoResponse.newBuilder();
          int inline = 0;
          for (Tensor sent : request.getTensorsList()) {
            Tensor tensor = sent.getName().equals(CUT) ? cut(sent) : sent;
            ByteString bytes =
                tensor.getData().hasInline()
                    ? tensor.getData().getInline()
                    : session.take(tensor.getData().getBufferId());
            inline += bytes.size();
            Payload payload =
                inline <= inlineBytes.getAsInt()
                    ? Payload.newBuilder().setInline(bytes).build()
                    : Payload.newBuilder().setBufferId(session.add(bytes)).build();
            response.addTensors(tensor.toBuilder().setData(payload));
          }
          return response.setExecutedOn(executedOn("echo")).build();
        });
  }
}
