package io.vaccel.plugin.vsock;

import io.grpc.stub.StreamObserver;
import io.vaccel.v1.AgentLimits;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.GetAgentInfoRequest;
import io.vaccel.v1.GetAgentInfoResponse;
import io.vaccel.v1.ModelFormat;
import io.vaccel.v1.PluginInfo;
import java.util.List;

/** A fake agent's description of itself. */
final class FakeInfo extends AgentServiceGrpc.AgentServiceImplBase {
  static final GetAgentInfoResponse INFO =
      GetAgentInfoResponse.newBuilder()
          .setVersion("9.8.7")
          .setProtocolVersion(1)
          .setPeer("unix uid 0")
          .setLimits(AgentLimits.newBuilder().setMaxMessageBytes(4 << 20).setMaxChunkBytes(1 << 20))
          .addPlugins(
              PluginInfo.newBuilder()
                  .setName("fake")
                  .setUsable(true)
                  .addAllOperations(List.of("noop", "echo", "model.run", "image.classify", "x.y"))
                  .addFormats(ModelFormat.MODEL_FORMAT_ONNX)
                  .setDevice("FPU")
                  .putDetails("engine", "Fake 1.2"))
          .addPlugins(PluginInfo.newBuilder().setName("gpu").setReason("there is no GPU"))
          .build();

  @Override
  public void getAgentInfo(
      GetAgentInfoRequest request, StreamObserver<GetAgentInfoResponse> observer) {
    Answers.with(observer, () -> INFO);
  }
}
