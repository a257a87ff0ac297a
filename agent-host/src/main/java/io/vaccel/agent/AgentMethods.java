package io.vaccel.agent;

import io.vaccel.PluginStatus;
import io.vaccel.Vaccel;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.transport.Peer;
import io.vaccel.v1.AgentLimits;
import io.vaccel.v1.AgentServiceGrpc;
import io.vaccel.v1.GetAgentInfoRequest;
import io.vaccel.v1.GetAgentInfoResponse;
import io.vaccel.v1.PluginInfo;
import io.vaccel.wire.Codec;
import io.vaccel.wire.Protocol;
import java.time.Duration;
import java.util.function.Supplier;

/** {@code AgentService}: what this agent is and can do, and who it takes the caller for. */
final class AgentMethods {
  private final Vaccel runtime;
  private final Quota quota;
  private final Supplier<GuestNames> names;
  private final long startedNanos = System.nanoTime();

  AgentMethods(Vaccel runtime, Quota quota, Supplier<GuestNames> names) {
    this.names = names;
    this.runtime = runtime;
    this.quota = quota;
  }

  void bind(Services services, Calls calls) {
    services.bind(AgentServiceGrpc.getGetAgentInfoMethod(), calls.unary(this::info));
  }

  private GetAgentInfoResponse info(GetAgentInfoRequest request, CallScope scope) {
    return GetAgentInfoResponse.newBuilder()
        .setVersion(Version.text())
        .setProtocolVersion(Protocol.VERSION)
        .addAllPlugins(runtime.plugins().stream().map(AgentMethods::plugin).toList())
        .setLimits(limits())
        .setPeer(names.get().shown(scope.peer().owner(), shown(scope.peer())))
        .setUptime(Codec.encode(Duration.ofNanos(System.nanoTime() - startedNanos)))
        .build();
  }

  private AgentLimits limits() {
    return AgentLimits.newBuilder()
        .setMaxMessageBytes(quota.get(Limit.MESSAGE_BYTES))
        .setMaxInlineBytes(quota.get(Limit.INLINE_BYTES))
        .setMaxChunkBytes(quota.get(Limit.CHUNK_BYTES))
        .setMaxLease(Codec.encode(quota.time(Limit.LEASE_MAX)))
        .setMaxSessions(quota.count(Limit.SESSIONS_PER_PEER))
        .setMaxBufferBytes(quota.get(Limit.BUFFER_BYTES_PER_SESSION))
        .setMaxContentBytes(quota.get(Limit.CONTENT_BYTES))
        .setMaxConcurrentCalls(quota.count(Limit.CALLS_PER_PEER))
        .build();
  }

  private static PluginInfo plugin(PluginStatus status) {
    Capabilities capabilities = status.capabilities();
    PluginInfo.Builder info =
        PluginInfo.newBuilder()
            .setName(status.name())
            .setUsable(capabilities.availability().isUsable())
            .addAllOperations(
                capabilities.operations().stream().map(Object::toString).sorted().toList())
            .addAllFormats(capabilities.formats().stream().sorted().map(Codec::encode).toList())
            .setDevice(capabilities.device())
            .putAllDetails(capabilities.details());
    if (capabilities.availability() instanceof Availability.Unusable unusable) {
      info.setReason(unusable.reason());
    }
    return info.build();
  }

  /** A hybrid peer is known by a path of this host, of which the guest learns the last part. */
  private static String shown(Peer peer) {
    if (peer instanceof Peer.Hybrid hybrid) {
      return "hybrid " + hybrid.path().substring(hybrid.path().lastIndexOf('/') + 1);
    }
    return peer.toString();
  }
}
