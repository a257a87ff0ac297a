package io.vaccel.plugin.vsock;

import io.vaccel.Digest;
import io.vaccel.ExecutedOn;
import io.vaccel.LoadedModel;
import io.vaccel.Model;
import io.vaccel.ModelSpec;
import io.vaccel.Reason;
import io.vaccel.Signature;
import io.vaccel.Stage;
import io.vaccel.VaccelException;
import io.vaccel.spi.Call;
import io.vaccel.v1.LoadModelRequest;
import io.vaccel.v1.LoadModelResponse;
import io.vaccel.v1.ModelServiceGrpc;
import io.vaccel.wire.Codec;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;

/**
 * The loading of one model at the agent: bring its files, register them, load. Used by one thread,
 * for one or more tries.
 */
final class ModelLoading {
  private final UploadTally tally = new UploadTally();
  private final Agent agent;
  private final Model model;
  private final ModelSpec spec;
  private final Call call;
  private Duration uploading = Duration.ZERO;

  ModelLoading(Agent agent, Model model, ModelSpec spec, Call call) {
    this.agent = agent;
    this.model = model;
    this.spec = spec;
    this.call = call;
  }

  /** What was sent so far. */
  UploadTally tally() {
    return tally;
  }

  /** Tries it in this session, which knows the model from then on. */
  LoadedModel load(RemoteSession session) {
    ResourceDelivery delivery = new ResourceDelivery(agent, spec.resource(), tally, call);
    long start = System.nanoTime();
    Map<Digest, Long> sizes;
    try {
      sizes = delivery.bring(session);
    } finally {
      uploading = uploading.plusNanos(System.nanoTime() - start);
    }
    String resourceId = delivery.register(session, sizes);
    long loadStart = System.nanoTime();
    LoadModelResponse response =
        agent
            .rpc()
            .call(
                ModelServiceGrpc.getLoadModelMethod(),
                LoadModelRequest.newBuilder()
                    .setSessionId(session.id())
                    .setResourceId(resourceId)
                    .setFormat(Codec.encode(spec.format()))
                    .build(),
                call);
    session.used();
    session.loaded(model, new RemoteSession.LoadedThere(response.getModelId(), resourceId));
    return decode(response, loadStart);
  }

  private LoadedModel decode(LoadModelResponse response, long startNanos) {
    SessionInbound inbound =
        new SessionInbound(agent.endpoint().toString(), startNanos, 0, ModelLoading::noBuffers);
    try {
      Signature signature = Codec.decode(response.getInputsList(), response.getOutputsList());
      ExecutedOn seen = Codec.decode(response.getExecutedOn(), inbound);
      return new LoadedModel(
          signature, seen.after(new Stage("upload", uploading)), tally.sentBytes());
    } catch (VaccelException | ArithmeticException e) {
      throw new VaccelException(
          Reason.INTERNAL, "the agent's answer is invalid: it describes no model", e);
    }
  }

  private static ByteBuffer noBuffers(String bufferId, long limitBytes) {
    throw new IllegalStateException("an answer to a loading has no payload");
  }
}
