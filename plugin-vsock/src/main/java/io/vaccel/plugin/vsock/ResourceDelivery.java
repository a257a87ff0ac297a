package io.vaccel.plugin.vsock;

import io.vaccel.Digest;
import io.vaccel.Resource;
import io.vaccel.ResourceFile;
import io.vaccel.spi.Call;
import io.vaccel.v1.RegisterResourceRequest;
import io.vaccel.v1.ResourceServiceGrpc;
import io.vaccel.wire.Codec;
import java.util.Map;

/**
 * The way of one resource into a session at the agent: bring what content is missing there, then
 * register the files. Used by one thread.
 */
final class ResourceDelivery {
  private final Agent agent;
  private final Resource resource;
  private final UploadTally tally;
  private final Call call;

  ResourceDelivery(Agent agent, Resource resource, UploadTally tally, Call call) {
    this.agent = agent;
    this.resource = resource;
    this.tally = tally;
    this.call = call;
  }

  /** Sees to it that the agent holds all contents; returns their sizes. */
  Map<Digest, Long> bring(RemoteSession session) {
    return agent
        .content()
        .bring(session, resource.files(), tally, agent.view().facts().chunkBytes(), call);
  }

  /** Registers the files, whose contents are there; returns the agent's id. */
  String register(RemoteSession session, Map<Digest, Long> sizes) {
    RegisterResourceRequest.Builder request =
        RegisterResourceRequest.newBuilder()
            .setSessionId(session.id())
            .setKind(Codec.encode(resource.kind()));
    for (ResourceFile file : resource.files()) {
      request.addFiles(
          io.vaccel.v1.ResourceFile.newBuilder()
              .setName(file.name())
              .setDigest(file.digest().hex())
              .setSizeBytes(sizes.get(file.digest())));
    }
    String resourceId =
        agent
            .rpc()
            .call(ResourceServiceGrpc.getRegisterResourceMethod(), request.build(), call)
            .getResourceId();
    session.used();
    return resourceId;
  }
}
