package io.vaccel.guest;

import io.vaccel.PluginStatus;
import java.util.List;
import java.util.Optional;

/**
 * What {@code info} has found out.
 *
 * @param agent the endpoint that the caller named
 * @param plugins what they can do, in the order in which they are asked
 * @param roundTrip how long a no-op takes
 * @param unmeasured why there is no round trip
 */
record Info(
    Optional<String> agent,
    List<PluginStatus> plugins,
    Optional<RoundTrip> roundTrip,
    Optional<String> unmeasured) {

  static Info measured(Optional<String> agent, List<PluginStatus> plugins, RoundTrip roundTrip) {
    return new Info(agent, plugins, Optional.of(roundTrip), Optional.empty());
  }

  static Info unmeasured(Optional<String> agent, List<PluginStatus> plugins, String why) {
    return new Info(agent, plugins, Optional.empty(), Optional.of(why));
  }
}
