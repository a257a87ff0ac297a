package io.vaccel.plugin.vsock;

import io.vaccel.ModelFormat;
import io.vaccel.Operation;
import io.vaccel.Operations;
import io.vaccel.Reason;
import io.vaccel.VaccelException;
import io.vaccel.spi.Availability;
import io.vaccel.spi.Capabilities;
import io.vaccel.transport.Endpoint;
import io.vaccel.v1.AgentLimits;
import io.vaccel.v1.GetAgentInfoResponse;
import io.vaccel.v1.PluginInfo;
import io.vaccel.wire.Codec;
import io.vaccel.wire.Protocol;
import io.vaccel.wire.WireOperation;
import io.vaccel.wire.WireOperations;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an agent says of itself, cut down to what is believed and can be used.
 *
 * @param capabilities what can be done through it
 * @param inlineBytes the most payload bytes to put into a request
 * @param chunkBytes the size of the pieces in which bulk is sent
 */
record AgentFacts(Capabilities capabilities, int inlineBytes, int chunkBytes) {
  /** Beyond this, bulk travels beside the request. */
  static final int INLINE_BYTES = 1 << 20;

  /** Large enough to cost little per byte, small enough to share a connection with small calls. */
  static final int CHUNK_BYTES = 256 << 10;

  private static final int MAX_PLUGINS = 64;
  private static final int MAX_TEXT_LENGTH = 200;

  /** What is assumed of an agent that has not said anything yet. */
  static AgentFacts unknown(Capabilities capabilities) {
    return new AgentFacts(capabilities, INLINE_BYTES, CHUNK_BYTES);
  }

  /** What this answer says. */
  static AgentFacts of(GetAgentInfoResponse info, Endpoint endpoint) {
    List<PluginInfo> plugins = info.getPluginsList().stream().limit(MAX_PLUGINS).toList();
    List<PluginInfo> usable = plugins.stream().filter(PluginInfo::getUsable).toList();
    Map<String, String> details = new LinkedHashMap<>();
    details.put("endpoint", endpoint.toString());
    details.put("agent version", text(info.getVersion()));
    details.put("protocol version", Integer.toUnsignedString(info.getProtocolVersion()));
    details.put("protocol version here", Integer.toString(Protocol.VERSION));
    details.put("seen by the agent as", text(info.getPeer()));
    details.put("breaker", "closed");
    plugins.forEach(plugin -> details.put("plugin " + text(plugin.getName()), describe(plugin)));
    AgentLimits limits = info.getLimits();
    detail(details, "longest lease", limits.getMaxLease().getSeconds(), " s");
    detail(details, "sessions for one peer", limits.getMaxSessions(), "");
    detail(details, "calls of one peer at a time", limits.getMaxConcurrentCalls(), "");
    detail(details, "largest file", limits.getMaxContentBytes(), " bytes");
    detail(details, "buffers of one session", limits.getMaxBufferBytes(), " bytes");
    Set<Operation<?, ?>> operations = operations(usable);
    Availability availability =
        operations.isEmpty()
            ? Availability.unusable(
                "the agent at " + endpoint + " has no usable plugin" + reasons(plugins))
            : Availability.usable();
    Capabilities capabilities =
        new Capabilities(availability, operations, formats(usable), device(usable), details);
    return new AgentFacts(
        capabilities,
        // Room for everything in the message that is not payload.
        limit(info.getLimits().getMaxMessageBytes() / 2, INLINE_BYTES),
        limit(info.getLimits().getMaxChunkBytes(), CHUNK_BYTES));
  }

  /** The same with facts of this side. */
  AgentFacts with(Map<String, String> facts) {
    Map<String, String> details = new LinkedHashMap<>(capabilities.details());
    details.putAll(facts);
    return new AgentFacts(
        new Capabilities(
            capabilities.availability(),
            capabilities.operations(),
            capabilities.formats(),
            capabilities.device(),
            details),
        inlineBytes,
        chunkBytes);
  }

  private static int limit(long byAgent, int own) {
    return byAgent <= 0 ? own : (int) Math.min(byAgent, own);
  }

  private static Set<Operation<?, ?>> operations(List<PluginInfo> plugins) {
    Set<Operation<?, ?>> travel =
        WireOperations.all().stream().map(WireOperation::operation).collect(Collectors.toSet());
    return plugins.stream()
        .flatMap(plugin -> plugin.getOperationsList().stream())
        .map(Operations::named)
        .flatMap(Optional::stream)
        .filter(travel::contains)
        .collect(Collectors.toSet());
  }

  /** Those of the formats that this version knows. */
  private static Set<ModelFormat> formats(List<PluginInfo> plugins) {
    Set<ModelFormat> known = new LinkedHashSet<>();
    for (PluginInfo plugin : plugins) {
      for (io.vaccel.v1.ModelFormat format : plugin.getFormatsList()) {
        try {
          known.add(Codec.decode(format));
        } catch (VaccelException e) {
          if (e.reason() != Reason.ARGUMENT_INVALID) {
            throw e;
          }
        }
      }
    }
    return known;
  }

  private static String device(List<PluginInfo> plugins) {
    return plugins.stream()
        .map(plugin -> text(plugin.getDevice()))
        .filter(device -> !device.isEmpty())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static void detail(Map<String, String> details, String name, long value, String unit) {
    if (value > 0) {
      details.put(name, value + unit);
    }
  }

  /** For instance {@code CPU: model.run of ONNX; engine ONNX Runtime 1.29.0}. */
  private static String describe(PluginInfo plugin) {
    if (!plugin.getUsable()) {
      return "not usable: " + reason(plugin);
    }
    String operations = list(plugin.getOperationsList());
    String formats =
        list(
            plugin.getFormatsList().stream()
                .map(format -> format.name().replaceFirst("^MODEL_FORMAT_", ""))
                .toList());
    String done =
        text(plugin.getDevice()) + ": " + operations + (formats.isEmpty() ? "" : " of " + formats);
    List<String> details = new ArrayList<>();
    plugin.getDetailsMap().forEach((key, value) -> details.add(text(key) + " " + text(value)));
    return details.isEmpty() ? done : done + "; " + String.join(", ", details);
  }

  private static String list(List<String> byAgent) {
    return text(byAgent.stream().sorted().collect(Collectors.joining(", ")));
  }

  private static String reasons(List<PluginInfo> plugins) {
    return plugins.stream()
        .map(plugin -> "; " + text(plugin.getName()) + ": " + reason(plugin))
        .collect(Collectors.joining());
  }

  private static String reason(PluginInfo plugin) {
    return plugin.getUsable() ? "offers nothing that this side knows" : text(plugin.getReason());
  }

  private static String text(String byAgent) {
    String line = byAgent.replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]+", " ").strip();
    return line.length() <= MAX_TEXT_LENGTH ? line : line.substring(0, MAX_TEXT_LENGTH) + "...";
  }
}
