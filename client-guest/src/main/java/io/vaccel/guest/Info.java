package io.vaccel.guest;

import io.vaccel.PluginStatus;
import io.vaccel.VaccelException;
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
    Optional<VaccelException> unmeasured) {}
